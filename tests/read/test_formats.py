import pytest

from analysis.read.formats import parse, told_by


@pytest.mark.parametrize(
    ("code", "stored", "text", "rule"),
    [
        ("0.0%", "0.173", "17.3%", None),
        ('0.0"%"', "17.3", "17.3%", "format_percent"),
        (r"0.0\%", "17.3", "17.3%", "format_percent"),
        ('0.0"%"', "0.173", '0.173 [0.0"%"]', "format_percent"),
        ("[Red]0.0%;0", "0.5", "50%", None),
        ("[<1]0%;0.0", "0.5", "50%", None),
        ("[<1]0%;0.0", "5", None, None),
        ("0;0%", "-0.5", "-50%", None),
        ("0000000000", "12", "0000000012", None),
        ("0000", "12345", None, None),
        ("0.00", "2018.1", "2018.10", None),
        ("0.00", "2018.123", None, None),
        ("0!.0,", "123456", "123456 [0!.0,]", "format_scales"),
        ('0!.0,"万"', "123456", "12.3456万", "format_beside"),
        ("0.0,,", "1234567", "1234567 [0.0,,]", "format_scales"),
        (r'0\!.0,"万册"', "15000", r'15000 [0\!.0,"万册"]', "format_scales"),
        (r'0\!.0"万册"', "15000", r'15000 [0\!.0"万册"]', "format_scales"),
        ("000-0000", "1234567", None, None),
        ('0"万"', "7", "7万", "format_beside"),
        ('"有"', "1", "有", "format_text"),
        (";;;", "5", None, "format_hides"),
        ("#,##0;-#,##0;", "0", None, "format_hides"),
        ("#,##0;-#,##0;", "5", None, None),
        ("[$¥-804]#,##0", "5", None, None),
        ('yyyy"年"m"月"', "43000", None, None),
        ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "5", None, None),
    ],
)
def test_what_a_format_makes_of_a_number(code: str, stored: str, text: str | None, rule: str | None) -> None:
    assert parse(code).shows(stored) == (text, rule)


@pytest.mark.parametrize("code", ["General", "0", "#,##0", "0.0", "yyyy-m-d", "[h]:mm", "@", "# ?/?", "[$¥-804]#,##0"])
def test_plain_formats_cost_nothing(code: str) -> None:
    assert parse(code).plain


@pytest.mark.parametrize(
    ("stored", "shown", "text", "rule"),
    [
        ("300", "300", None, None),
        ("1234.5", "1,234.5", None, None),
        ("17.3", "17.3%", "17.3%", "format_percent"),
        ("123456", "12.3", "123456 [12.3]", "format_scales"),
        ("5000", "0", "5000 [= 0]", "format_scales"),
        ("123456", "12.3万", "12.3456万", "format_beside"),
        ("12", "0012", "0012", None),
        ("2018.1", "2018.10", "2018.10", None),
        ("5", "", None, "format_hides"),
        ("1", "有", "有", "format_text"),
    ],
)
def test_what_a_shown_text_tells_of_a_number(stored: str, shown: str, text: str | None, rule: str | None) -> None:
    assert told_by(stored, shown) == (text, rule)
