import type { shell as Shell } from '../en/shell.ts'

export const shell: typeof Shell = {
  skip: 'Chuyển đến nội dung chính',
  navigation: 'Điều hướng chính',
  worklist: 'Danh sách đọc',
  arbitration: 'Phân xử',
  dataset: 'Bộ dữ liệu',
  account: 'Tài khoản',
  signOut: 'Đăng xuất',
  signedInAs: (name) => `Đang đăng nhập: ${name}`,
  language: 'Ngôn ngữ',
  colors: 'Giao diện',
  dark: 'Tối',
  light: 'Sáng',
  keys: 'Phím tắt',
  phaseClosed: 'Giai đoạn đọc đã kết thúc',
  close: 'Đóng',
  roles: {
    reader: 'bác sĩ đọc',
    arbiter: 'bác sĩ phân xử',
    reviewer: 'người kiểm duyệt',
    admin: 'quản trị viên',
  },
}
