import type { arbitration as Arbitration, worklist as Worklist } from '../en/reading.ts'

export const worklist: typeof Worklist = {
  title: 'Danh sách đọc',
  states: { new: 'Chưa đọc', in_progress: 'Đang đọc', done: 'Đã xong' },
  next: 'Ca tiếp theo',
  nothingNext: 'Không còn ca nào cần đọc',
  columns: {
    exam: 'Ca chụp',
    images: 'Số ảnh',
    role: 'Vai trò',
    opened: 'Mở lúc',
    submitted: 'Gửi lúc',
    reasons: 'Điểm khác nhau giữa hai kết quả đọc',
    amend: '',
  },
  exam: (n) => `Ca ${n}`,
  roles: { reader: 'bác sĩ đọc', senior: 'bác sĩ đọc chính', arbiter: 'bác sĩ phân xử' },
  canAmend: 'còn sửa được',
  isFrozen: 'đã khóa',
  progress: (done, total) => `Đã xong ${done}/${total} ca`,
  empty: {
    new: 'Hiện không có ca nào chờ bạn đọc. Ca mới sẽ xuất hiện ở đây ngay khi được phân công.',
    in_progress: 'Không có ca nào đang đọc dở.',
    done: 'Bạn chưa gửi kết quả đọc nào.',
  },
}

export const arbitration: typeof Arbitration = {
  title: 'Phân xử',
  states: { new: 'Chờ phân xử', in_progress: 'Đang xem xét', done: 'Đã xong' },
  empty: {
    new: 'Hiện không có ca nào chờ phân xử. Ca sẽ xuất hiện ở đây khi hai kết quả đọc khác nhau.',
    in_progress: 'Không có ca nào đang xem xét dở.',
    done: 'Bạn chưa phân xử ca nào.',
  },
  kinds: {
    recall: 'Gọi lại',
    birads: 'BI-RADS',
    density: 'Mật độ vú',
    unmatched_finding: 'Tổn thương chỉ một người đánh dấu',
    category: 'Loại tổn thương',
    finding_birads: 'BI-RADS của tổn thương',
  },
  sides: { R: 'vú phải', L: 'vú trái' },
  reason: (kind, side) => (side === null ? kind : `${kind}, ${side}`),
  notMarked: 'không đánh dấu',
}
