"""What is wrong with a photograph."""

from healthcloud.core.errors import NotFound, Unacceptable


class PhotoUnusable(Unacceptable):
    """This is no usable photograph: a square JPEG of 240–640 pixels and at most 100 kB is needed."""

    code = "photo-unusable"
    zh = "照片不能使用：应为正方形 JPEG，边长 240–640 像素，不超过 100 kB。"
    who_acts = "clerk"


class PhotoNotFound(NotFound):
    """There is no photograph of this person."""

    code = "photo-not-found"
    zh = "没有此人的照片。"
