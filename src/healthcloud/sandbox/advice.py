"""What each kind of difference between two strings to be signed means, in both languages; {part} names the place."""

ADVICE: dict[str, tuple[str, str]] = {
    "same": (
        "The strings are the same: look at the key, the algorithm and how the signature is written (base64, hex).",
        "原串完全一致：请检查密钥、算法和签名结果的编码（Base64、十六进制）。",
    ),
    "line-end": (
        "Only line ends differ: each line ends in one line feed, the last one too, and never in CR LF.",
        "只有换行不同：每行（含最后一行）以一个换行符 LF 结尾，不用 CRLF。",
    ),
    "secret": (
        "Only the secret at the end differs: this face wants it exactly as in our string, with or without a separator.",
        "只有末尾密钥的拼接方式不同：有无分隔符和参数名，请与我方原串一致。",
    ),
    "blank": (
        "Only blanks differ, at {part}: nothing may be trimmed, indented or padded after signing.",
        "只有空白字符不同，位置在 {part}：签名之后不能再增删空格、缩进或 BOM。",
    ),
    "case": (
        "Only letter case differs, at {part}: method in capitals, hex digits in small letters.",
        "只有大小写不同，位置在 {part}：方法大写，十六进制小写。",
    ),
    "encoding": (
        "The same text in another encoding, at {part}: sign UTF-8, and path and query exactly as they are sent.",
        "同一内容用了不同编码，位置在 {part}：按 UTF-8 签名，路径和查询串与实际发送的完全一致。",
    ),
    "timestamp-unit": (
        "The time at {part} is in another unit: seconds have 10 digits, milliseconds 13.",
        "{part} 的时间单位不同：秒为 10 位，毫秒为 13 位。",
    ),
    "body-rewritten": (
        "The same content written anew, at {part}: sign the very bytes that are sent; do not serialise twice.",
        "内容相同但重新序列化过，位置在 {part}：对实际发送的字节签名，不要序列化两次。",
    ),
    "order": (
        "The same parts in another order, from {part} on.",
        "各部分相同但顺序不同，从 {part} 开始。",
    ),
    "missing-key": (
        "{part} is missing in your string.",
        "您的原串缺少 {part}。",
    ),
    "extra-key": (
        "Your string has {part}, which is not signed: blanks and nulls are left out, and so is the signature itself.",
        "您的原串多了不参与签名的 {part}：空值、空白值和签名本身不参与签名。",
    ),
    "value": (
        "The value of {part} is another than the one that came with the request.",
        "{part} 的值与请求中的不一致。",
    ),
    "different": (
        "The strings differ from {part} on.",
        "两串从 {part} 开始不同。",
    ),
}
