"""What an English report calls schools whose statistics name them in Chinese only."""

import pytest

from analysis.tell.documents.township import TownshipReport
from analysis.tell.language.english_names import english
from tests.tell.conftest import school, small
from verification.english import called


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("双桥镇第二小学", "Shuangqiao Town No. 2 Primary School"),
        ("大安镇老台村小学", "Da'an Town Laotai Village Primary School"),
        ("青溪县中山路小学", "Qingxi County Zhongshan Road Primary School"),
        ("青溪新区第三初级中学", "Qingxi New District No. 3 Junior Secondary School"),
        ("红岩九年一贯制学校", "Hongyan Nine-Year School"),
        ("青溪县第一实验小学", "Qingxi County No. 1 Experimental Primary School"),
        ("青溪县第十一小学", "Qingxi County No. 11 Primary School"),
        ("青溪县第一小学（东校区）", "Qingxi County No. 1 Primary School (East Campus)"),
        ("长岭镇中心小学", "Changling Town Central Primary School"),
        ("校长路小学", "Xiaozhang Road Primary School"),
        ("城区小学", "Chengqu Primary School"),
        ("青溪明德初级中学", "Qingxi Mingde Junior Secondary School"),
        ("青溪新世纪小学", "Qingxi Xinshiji Primary School"),
        ("特殊教育学校", "Special Education School"),
        ("双桥镇", "Shuangqiao Town"),
        ("Hillside Academy", "Hillside Academy"),
    ],
)
def test_kinds_and_places_are_translated_and_the_rest_is_spelled(name: str, said: str) -> None:
    places = ("青溪县", "青溪新区", "双桥镇")
    assert english(name, places) == said
    if name.endswith(("学", "校", "）")):
        assert called({"1": name}, {}, places) == {"1": said}, "the second reader"


def test_a_place_that_is_not_known_is_not_told_from_what_follows_it() -> None:
    assert english("青溪新世纪小学", ("双桥镇",)) == "Qingxixinshiji Primary School"


def test_schools_that_sound_alike_bear_their_characters_and_a_given_name_wins() -> None:
    rows = [
        school("1", name="章村小学", name_en=None),
        school("2", name="张村小学", name_en=None),
        school("3", name="解放路小学", name_en="Liberation Road School"),
        school("4", name="试验育才小学", name_en=None),
    ]
    told = small(rows, lang="en")
    assert told.school("1") == told.school_in_full("1") == "Zhangcun Primary School (章村小学)"
    assert told.school("2") == "Zhangcun Primary School (张村小学)"
    assert (told.school("3"), told.school_in_full("3")) == (
        "Liberation Road School",
        "Liberation Road School (解放路小学)",
    )
    assert told.school("4") == "Shiyan Yucai Primary School"
    chinese = small(rows, lang="zh")
    assert chinese.school("1") == chinese.school_in_full("1") == "章村小学"
    public = small(rows, lang="en", audience="public")
    assert "章村" not in public.school_in_full("1")
    assert "Zhangcun" not in public.school_in_full("1")


def test_a_township_is_called_in_pinyin_with_its_characters_in_titles() -> None:
    told = TownshipReport(small([school("1", township="双桥镇")], lang="en"), "双桥镇")
    assert told.front().titles.title.startswith("Shuangqiao Town (双桥镇), ")
    assert "Shuangqiao Town has" in told.chapter("township").text
    assert "双桥镇" not in told.chapter("township").text
    chinese = TownshipReport(small([school("1", township="双桥镇")]), "双桥镇")
    assert chinese.called == "双桥镇"
    assert "双桥镇" in chinese.front().titles.title
