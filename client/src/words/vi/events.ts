import type { events as Events } from '../en/events.ts'
import { because, text, type Told } from '../telling.ts'

const way = (detail: Told['detail']): string => {
  const said = text(detail['way'])
  if (said === 'password') return ' bằng mật khẩu'
  if (said === 'link') return ' qua liên kết hiện trên máy chủ'
  return said === '' ? '' : ` qua ${said}`
}

const names: typeof Events.names = {
  signed_in: 'đăng nhập',
  signed_out: 'đăng xuất',
  sign_in_failed: 'đăng nhập thất bại',
  account_made: 'thêm người',
  account_changed: 'sửa thông tin người',
  account_disabled: 'khóa người dùng',
  account_enabled: 'mở khóa người dùng',
  account_linked: 'liên kết hệ thống định danh',
  password_changed: 'đổi mật khẩu',
  drawn: 'rút thăm bác sĩ đọc',
  arbitrations_drawn: 'rút thăm phân xử và đọc chính',
  reader_assigned: 'giao ca cho bác sĩ đọc',
  reader_withdrawn: 'rút ca khỏi bác sĩ đọc',
  arbiter_assigned: 'giao ca cho bác sĩ phân xử',
  arbiter_withdrawn: 'rút ca khỏi bác sĩ phân xử',
  senior_assigned: 'giao ca cho bác sĩ đọc chính',
  senior_withdrawn: 'rút ca khỏi bác sĩ đọc chính',
  phase_closed: 'kết thúc giai đoạn đọc',
  training_begun: 'bắt đầu tập đọc lại',
  training_answered: 'trả lời ca tập đọc',
  training_finished: 'hoàn thành phần tập đọc',
}

const said: typeof Events.said = {
  signed_in: ({ detail }) => `đã đăng nhập${way(detail)}`,
  signed_out: () => 'đã đăng xuất',
  sign_in_failed: ({ detail }) => `đăng nhập không thành công${way(detail)}`,
  account_made: ({ about }) => `đã thêm ${about}`,
  account_changed: ({ about }) => `đã sửa thông tin của ${about}`,
  account_disabled: ({ about }) => `đã khóa ${about}`,
  account_enabled: ({ about }) => `đã mở khóa ${about}`,
  account_linked: ({ about }) => `đã liên kết ${about} với hệ thống định danh`,
  password_changed: ({ about, isOwn }) => (isOwn ? 'đã đổi mật khẩu' : `đã cấp mật khẩu mới cho ${about}`),
  drawn: ({ detail }) => `đã rút thăm bác sĩ đọc: giao ${text(detail['reads'])} lượt đọc`,
  arbitrations_drawn: ({ detail }) =>
    `đã rút thăm phân xử và đọc chính: giao ${text(detail['arbitrations'])} lượt phân xử, ${text(detail['seniors'])} lượt đọc chính`,
  reader_assigned: ({ about, exam }) => `đã giao ${exam} cho ${about} làm bác sĩ đọc`,
  reader_withdrawn: ({ about, exam, detail }) => `đã rút ${exam} khỏi bác sĩ đọc ${about}${because(detail)}`,
  arbiter_assigned: ({ about, exam }) => `đã giao ${exam} cho ${about} làm bác sĩ phân xử`,
  arbiter_withdrawn: ({ about, exam, detail }) => `đã rút ${exam} khỏi bác sĩ phân xử ${about}${because(detail)}`,
  senior_assigned: ({ about, exam }) => `đã giao ${exam} cho ${about} làm bác sĩ đọc chính`,
  senior_withdrawn: ({ about, exam, detail }) => `đã rút ${exam} khỏi bác sĩ đọc chính ${about}${because(detail)}`,
  phase_closed: () => 'đã kết thúc giai đoạn đọc',
  training_begun: () => 'đã bắt đầu tập đọc lại từ đầu',
  training_answered: ({ detail }) => `đã trả lời ca tập đọc ${text(detail['exam'])}`,
  training_finished: ({ detail }) => `đã hoàn thành phần tập đọc: tìm thấy ${text(detail['found'])} khung cài sẵn, bỏ sót ${text(detail['missed'])}, đánh dấu thừa ${text(detail['extra'])}`,
}

export const events: typeof Events = {
  title: 'Nhật ký',
  beside: (n) => `${n} sự kiện, mới nhất trước`,
  filters: { label: 'Những sự kiện nào', kind: 'Việc gì', everything: 'mọi việc', by: 'Ai', anybody: 'bất kỳ ai', clear: 'Hiện tất cả' },
  columns: { when: 'Lúc', who: 'Ai', what: 'Việc gì' },
  none: 'Chưa có sự kiện nào.',
  noneFound: 'Không có sự kiện nào phù hợp.',
  newest: 'Mới nhất',
  somebody: 'ai đó',
  system: 'chương trình',
  exam: (n) => (n === null ? 'một ca không còn nữa' : `ca ${n}`),
  changes: {
    roles: 'vai trò',
    is_available: 'sẵn sàng',
    workload_cap: 'giới hạn',
    years_experience: 'số năm kinh nghiệm',
    annual_volume: 'số ca mỗi năm',
  },
  change: (what, value) => `${what}: ${value}`,
  values: { yes: 'có', no: 'không', none: 'trống' },
  names,
  said,
}
