"""Words that make a password guessable: the ones attackers of Chinese systems try first. Lower case."""

# Alone, doubled, or dressed with digits and signs at either end.
_WORDS = """
password passw0rd p@ssword p@ssw0rd pass admin adm1n administrator root system sysadmin secadmin auditadmin
user guest test tester demo login welcome letmein master secret default changeme qwerty qwert qwer asdf asdfgh
asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc qweasd qweasdzxc abc abcd abcde abcdef abcdefg aaa aaaa
iloveyou loveyou woaini woaiwojia wodemima mima caonima nihao zhongguo china beijing shandong zaozhuang tengzhou
healthcloud healthcard jiankang jiankangyun jiankangka yiyuan hospital weijianwei yisheng huli doctor nurse
dragon monkey sunshine princess football michael killer superman baby angel happy money summer winter spring
autumn monday huawei tencent alibaba taobao weixin wechat qq windows oracle mysql postgres cisco kaoshi
"""

# Whole passwords without a word in them.
_WHOLE = """
1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 1qaz!qaz !qaz2wsx q1w2e3r4 q1w2e3r4t5 zaq12wsx a1b2c3d4 a1s2d3f4
1a2b3c4d 5201314 1314520 13145201314 1233211234567 abc123456 a123456789 a12345678 123456789a 123qweasd 123qwe123
qwe123456 123456qwe 1q2w3e4r! 1qaz@wsx 1qaz@wsx3edc
"""

WORDS = frozenset(_WORDS.split())
WHOLE = frozenset(_WHOLE.split())
