"""Han: Chinese characters that are taken for one another: by a stroke more or less, or because they are one character written in two ways.

Source: a small table of our own, of characters printers and readers are warned of, and of traditional and variant forms that are frequent in names of
makers and products. It is no standard and not complete: UTS #39 lists next to none of them, and Unihan (kZVariant, kSemanticVariant) is in no package
that is installed. What Unicode itself holds to be one (compatibility ideographs, Kangxi radicals, width) is folded by NFKC before this is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

SHAPES = (
    "未末 己已巳 土士 日曰 戊戌戍戎 大太犬 人入八 干千于 天夭无 田由甲申 侯候 券劵 午牛 刀力 免兔 乌鸟 折拆 治冶 晴睛 栗粟 徽微 历厉 拔拨 "
    "沪泸 辨辩辫 洒酒 茶荼 亳毫 市巿 肓盲 幻幼 贝见 仓仑 今令 勺匀 代伐 炙灸 哀衷 崇祟 暑署 竞竟 斑班 载戴 宇字 风凤 几凡 赢嬴羸 蓝篮 王玉 "
    "白自 目且 享亨 处外 钓钩 铃钤 驰弛 凌淩 凯剀"
)
"""Of a group each can be taken for the others."""
WRITTEN = (
    "东東 车車 动動 华華 长長 众眾衆 广廣 亚亞 龙龍 马馬 飞飛 电電 发發 气氣 机機 风風 国國 业業 产產 进進 达達 远遠 运運 万萬 云雲 丰豐 "
    "乐樂 亿億 创創 势勢 区區 双雙 员員 团團 图圖 圣聖 场場 块塊 坛壇 声聲 处處 备備 头頭 奥奧 宝寶寳 实實 对對 导導 将將 尔爾 岛島 帅帥 "
    "师師 庆慶 开開 张張 强強 归歸 径徑 态態 恒恆 爱愛 战戰 报報 择擇 据據 揽攬 斗鬥 斩斬 时時 旷曠 显顯 晓曉 术術 来來 杨楊 极極 标標 桥橋 "
    "欧歐 欢歡 汇匯 汉漢 泽澤 洁潔 济濟 润潤 涛濤 灵靈 炼煉 热熱 焊銲 爷爺 犹猶 独獨 玛瑪 环環 现現 畅暢 盖蓋 盘盤 码碼 确確 离離 种種 积積 "
    "称稱 稳穩 穷窮 竞競 笔筆 签簽 简簡 红紅 纪紀 纯純 纳納 线線 组組 细細 终終 经經 结結 绿綠 维維 综綜 网網 罗羅 联聯 腾騰 节節 芦蘆 苏蘇 "
    "范範 荣榮 蓝藍 虑慮 装裝 规規 视視 览覽 触觸 计計 认認 讯訊 许許 论論 设設 证證 评評 识識 试試 诚誠 话話 询詢 该該 详詳 语語 说說 请請 "
    "诺諾 课課 调調 谢謝 谱譜 贝貝 负負 贡貢 财財 责責 贤賢 货貨 质質 贵貴 贸貿 资資 赛賽 赢贏 赵趙 跃躍 轮輪 软軟 轻輕 载載 较較 辆輛 辉輝 "
    "输輸 辽遼 迈邁 连連 选選 邮郵 郑鄭 酿釀 释釋 里裏裡 钟鐘鍾 钢鋼 钛鈦 钱錢 铁鐵 铃鈴 铜銅 银銀 锂鋰 锋鋒 锐銳 锦錦 键鍵 镁鎂 镇鎮 镍鎳 "
    "门門 问問 闪閃 闭閉 间間 闻聞 队隊 阳陽 阴陰 际際 陆陸 陈陳 险險 随隨 难難 雾霧 静靜 韩韓 页頁 项項 顺順 须須 顿頓 预預 领領 频頻 题題 "
    "额額 颖穎 饰飾 饱飽 驰馳 驱驅 驶駛 驾駕 骁驍 骄驕 骏駿 骑騎 鲁魯 鲜鮮 鸟鳥 鸣鳴 鸿鴻 鹏鵬 鹰鷹 麦麥 黄黃 齐齊 龄齡 台臺 群羣 峰峯 升昇 "
    "够夠 启啟啓 游遊 晋晉 吴吳 录錄 户戶戸 并並 岩巖 布佈 采採 志誌 周週 杰傑 丽麗 仪儀 优優 伟偉 传傳 伦倫 马⻢ 长⻓ 车⻋ 风⻛ 飞⻜ 龙⻰ "
    "见⻅ 贝⻉ 门⻔ 齐⻬ 鸟⻦ 鱼⻥ 西⻄ 黄⻩ 民⺠ 食⻝ 青⻘"
)
"""One character, written in two ways or more; the first stands for all of them. The last are radicals that NFKC leaves as they are."""


@cache
def alike() -> Mapping[int, str]:
    """Character → the one that stands for all it may be taken for; for `str.translate`."""
    shapes = {each: group[0] for group in SHAPES.split() for each in group}
    written = {each: group[0] for group in WRITTEN.split() for each in group[1:]}
    first = {each: shapes.get(one, one) for each, one in {**{each: each for each in shapes}, **written}.items()}
    return {ord(each): one for each, one in first.items() if one != each}


def is_han(character: str) -> bool:
    """Whether it is a Chinese character as texts have them: of the first block of unified ideographs."""
    return "\u4e00" <= character <= "\u9fff"
