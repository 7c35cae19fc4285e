"""Invented names of people, places and devices: nobody and nothing real, only the shape of such texts."""

from __future__ import annotations

import unicodedata

FAMILY_NAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý",
)  # fmt: skip
MIDDLE_NAMES = ("Thị", "Thị Ngọc", "Thị Thu", "Thị Thanh", "Minh", "Thị Kim", "Ngọc", "Thị Bích", "Thị Mỹ", "Hồng")
GIVEN_NAMES = (
    "Lan", "Hương", "Hạnh", "Mai", "Thảo", "Phượng", "Yến", "Nguyệt", "Tuyết", "Hằng", "Xuân", "Quỳnh", "Thủy", "Diệu",
    "Trâm", "Vân", "Châu", "Đào", "Cúc", "Lệ",
)  # fmt: skip
WESTERN_NAMES = (("Fürstenau", "Käthe"), ("Lefèvre", "Zoé"), ("Østergård", "Bodil"), ("Ibáñez", "Begoña"))
"""Family and given names that ISO 8859-1 can write."""

STAFF = (
    "Trịnh^Văn Khoa", "Cao^Thị Nhung", "Đinh^Quang Huy", "Lương^Thị Oanh", "Tạ^Minh Đức", "Mạc^Thị Hiền",
    "Quách^Hữu Tín", "Doãn^Thị Sen",
)  # fmt: skip
STREETS = ("phố Cây Cọ", "phố Giếng Ngọc", "đường Hoa Gạo", "ngõ Mái Ngói", "phố Hàng Trăng", "đường Bờ Suối")
DISTRICTS = ("quận Hư Cấu", "quận Vô Danh", "huyện Mây Trắng", "thị xã Đồi Sim")
OCCUPATIONS = ("thợ may đo", "trồng chè", "kế toán", "làm gốm cổ")

INSTITUTION = "Bệnh viện Vườn Mận"
INSTITUTION_ADDRESS = "88 đường Mận Hậu, quận Hư Cấu"
DEPARTMENT = "Khoa Chẩn đoán Hình ảnh Vườn Mận"


def without_diacritics(text: str) -> str:
    """Return a Vietnamese text as a device that knows only ASCII writes it: ``Đỗ Thị Yến`` as ``Do Thi Yen``."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d").replace("Ø", "O").replace("ø", "o"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
