// Long tables can be sorted and filtered, and the contents follow the reader. Without this the page reads as well.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");
  const words = JSON.parse(document.getElementById("words").textContent);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const make = (tag, attributes = {}, text = "") => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    return node;
  };
  const value = (cell) => {
    const text = (cell ? cell.textContent : "").trim();
    const number = Number.parseFloat(text.replaceAll(",", "").replace("−", "-"));
    return { text, number: /^[+\-−]?[\d,]*\.?\d+\s*%?$/.test(text) ? number : Number.NaN };
  };
  // Numbers before words, what is empty always last.
  const compare = (a, b, way) => {
    const [x, y] = [Number.isNaN(a.number), Number.isNaN(b.number)];
    if ((a.text === "") !== (b.text === "")) return a.text === "" ? 1 : -1;
    if (!x && !y) return way * (a.number - b.number);
    if (x !== y) return x ? 1 : -1;
    return way * collator.compare(a.text, b.text);
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", title: words.sort }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        const rows = [...body.rows].map((row) => ({ row, key: value(row.cells[column]) }));
        rows.sort((a, b) => compare(a.key, b.key, way));
        body.append(...rows.map(({ row }) => row));
      });
    });
  };

  const filterable = (table, box) => {
    const rows = [...table.tBodies[0].rows];
    const tools = make("div", { class: "tools" });
    const label = make("label", {}, `${words.filter} `);
    const search = make("input", { type: "search", placeholder: words.filter_hint });
    const failing = make("input", { type: "checkbox" });
    const only = make("label", {});
    const shown = make("span", { "aria-live": "polite", class: "shown" });
    label.append(search);
    only.append(failing, ` ${words.failing_only}`);
    tools.append(label, ...(table.querySelector("td.not-met") ? [only] : []), shown);
    box.before(tools);
    // Choices that the page brings for this table: each compares one data attribute of the row.
    const choices = [...document.querySelectorAll(`.choices[data-for="${table.id}"] select`)];
    const chosen = (row) => choices.every((one) => !one.value || (row.dataset[one.dataset.key] || "").split(" ").includes(one.value));
    const update = () => {
      const text = search.value.trim().toLocaleLowerCase();
      let count = 0;
      for (const row of rows) {
        const keep = `${row.textContent} ${row.dataset.search || ""}`.toLocaleLowerCase().includes(text) && chosen(row) && (!failing.checked || row.querySelector("td.not-met"));
        row.hidden = !keep;
        count += keep ? 1 : 0;
      }
      shown.textContent = words.shown.replace("{shown}", count).replace("{all}", rows.length);
    };
    search.addEventListener("input", update);
    failing.addEventListener("change", update);
    choices.forEach((one) => one.addEventListener("change", update));
    update();
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    if (!table.tHead || table.tBodies.length !== 1) continue;
    sortable(table);
    if (table.tBodies[0].rows.length > 12 || table.classList.contains("always")) filterable(table, table.closest(".table-box") || table);
  }

  // On a narrow screen the annexes are closed until they are asked for.
  if (matchMedia("screen and (max-width: 40rem)").matches) {
    for (const section of document.querySelectorAll("main > section.annexed")) {
      const [details, summary] = [make("details"), make("summary")];
      const [head, ...rest] = [...section.childNodes].filter((one) => one.nodeType === 1);
      summary.append(head);
      details.append(summary, ...rest);
      section.append(details);
    }
    const open = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const details = target && (target.closest("details") || target.querySelector(":scope > details"));
      if (details) {
        details.open = true;
        target.scrollIntoView();
      }
    };
    addEventListener("hashchange", open);
    open();
  }

  // A box that scrolls can be reached, and is called as what it holds.
  const boxes = [...document.querySelectorAll(".table-box, figure")];
  const reach = () => {
    for (const box of boxes) {
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      const named = box.querySelector("caption, figcaption");
      if (scrolls) {
        box.tabIndex = 0;
        if (box.tagName === "DIV") box.setAttribute("role", "region");
        if (named) box.setAttribute("aria-label", named.textContent.trim());
      } else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  addEventListener("toggle", reach, true);
  reach();

  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const follow = () => {
    let here = null;
    for (const id of links.keys()) {
      const target = document.getElementById(id);
      if (target && target.getBoundingClientRect().top <= 120) here = id;
    }
    for (const [id, link] of links) {
      if (id === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
})();
