from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.frontrunner.library.credit_code import ALPHABET, check_character, is_valid, looks_like_one, meant
from guiju.frontrunner.library.han import SHAPES, WRITTEN
from guiju.frontrunner.library.lookalike import lookalikes, oddities, skeleton

BODIES = st.text(ALPHABET, min_size=17, max_size=17)


def test_the_example_of_the_standard() -> None:
    assert is_valid("91350100M000100Y43")


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_seen(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    assert is_valid(code)
    changed = code[:place] + other + code[place + 1 :]
    assert is_valid(changed) == (changed == code)


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_seen(body: str, place: int) -> None:
    code = body + check_character(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)


@given(BODIES)
def test_capitals_and_width_are_put_right(body: str) -> None:
    code = body + check_character(body)
    assert meant(code) is None
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    assert meant(wide) == code


@given(st.text(max_size=40))
def test_anything_may_be_asked(text: str) -> None:
    assert not is_valid(text) or (looks_like_one(text) and set(text) <= set(ALPHABET))
    assert isinstance(skeleton(text), str)
    assert isinstance(oddities(text), tuple)


def test_a_body_is_seventeen_characters() -> None:
    with pytest.raises(ValueError, match="not 17"):
        check_character("9135")


SAME = [
    ("BYD", "ВYD"),  # Cyrillic Ve
    ("Tesla", "TesIa"), ("Tesla", "Te\u200bsla"), ("Mini", "rnini"), ("NIO", "N1O"), ("AITO", "А\u0406ТО"), ("Zeekr", "Ｚeekr"), ("O2", "02"),
    ("比亚迪", "比亚 迪"), ("Škoda", "Skoda"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
    assert lookalikes([one, other, one]) == [tuple(sorted((one, other)))]


HAN = [
    ("未来汽车", "末来汽车"), ("自己", "自已"), ("上汽大众", "上汽太众"), ("上汽大众", "上汽犬众"), ("长安汽车", "長安汽車"), ("东风", "東風"), ("东风", "东凤"),
    ("日产", "曰产"), ("天马", "夭马"), ("诸侯", "诸候"), ("申通", "由通"), ("土星", "士星"), ("千里", "干里"), ("人和", "入和"), ("戊戌", "戌戍"), ("债券", "债劵"),
    ("比亚迪", "⽐亚迪"),  # Kangxi radical
    ("金龙", "\uf90a龙"),  # compatibility ideograph
    ("骏马", "骏⻢"), ("ＥＶ５", "EV5"), ("现代", "现伐"), ("众泰", "衆泰"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), HAN)
def test_chinese_names_that_look_alike(one: str, other: str) -> None:
    assert lookalikes([one, other]) == [tuple(sorted((one, other)))]


BRANDS = ["比亚迪", "蔚来", "小鹏", "理想", "零跑", "哪吒", "极氪", "领克", "吉利", "几何", "银河", "极石", "长安", "深蓝", "启源", "阿维塔", "长城", "哈弗", "欧拉", "魏牌", "坦克", "奇瑞", "捷途", "星途", "智界", "享界", "尊界", "问界", "广汽埃安", "昊铂", "传祺", "上汽大众", "一汽大众", "上汽通用", "五菱", "宝骏", "荣威", "名爵", "飞凡", "智己", "一汽丰田", "广汽丰田", "东风日产", "东风本田", "广汽本田", "东风风神", "岚图", "猛士", "红旗", "奔腾", "北京汽车", "极狐", "北汽福田", "江淮", "江铃", "思皓", "众泰", "海马", "东南", "力帆", "睿蓝", "枫叶", "华晨宝马", "北京奔驰", "一汽奥迪", "上汽奥迪", "沃尔沃", "极星", "特斯拉", "马自达", "现代", "起亚", "标致", "雪铁龙", "凯迪拉克", "别克", "雪佛兰", "林肯", "福特", "捷豹", "路虎", "雷克萨斯", "英菲尼迪", "讴歌", "三菱", "斯巴鲁", "铃木", "保时捷", "玛莎拉蒂", "宾利", "劳斯莱斯", "法拉利", "兰博基尼", "迈凯伦", "阿斯顿马丁", "smart", "大通", "跃进", "解放", "重汽", "陕汽", "宇通", "金龙", "金旅", "海格", "中通", "安凯", "申龙", "远程", "宁德时代", "国轩高科", "亿纬锂能", "中创新航", "蜂巢能源", "欣旺达", "孚能科技", "瑞浦兰钧", "特来电", "星星充电", "国家电网", "南方电网", "小桔充电", "云快充", "依威能源", "绿能慧充", "盛弘", "英可瑞", "华为", "小米", "百度", "腾讯"]
"""Names makers and their brands go by: real ones, none of which is made to look like another."""


def test_real_names_are_not_taken_for_one_another() -> None:
    assert len(BRANDS) > 130 and lookalikes(BRANDS) == []


def test_the_table_says_one_thing_of_a_character() -> None:
    shapes = "".join(SHAPES.split())
    assert len(set(shapes)) == len(shapes)
    further = [each for group in WRITTEN.split() for each in group[1:]]
    assert len(set(further)) == len(further) and not set(further) & {group[0] for group in WRITTEN.split()}
    assert all(skeleton(group[0]) == skeleton(each) for group in (*SHAPES.split(), *WRITTEN.split()) for each in group)


@pytest.mark.parametrize(("one", "other"), [("BYD", "BYC"), ("比亚迪", "比亚油"), ("蔚来", "理想"), ("ET5", "ET7")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
    assert lookalikes([one, other]) == []


def test_odd_names() -> None:
    assert oddities("ВYD") == ("scripts",)
    assert oddities("甲\u200b汽车") == ("unseen",)
    assert oddities("甲 Jia-2（上海）") == ()


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), max_size=12))
def test_case_width_and_what_is_unseen_do_not_matter(name: str) -> None:
    assert skeleton(name + "\u200b") == skeleton(name)
    assert skeleton(f" {name} ") == skeleton(name)
