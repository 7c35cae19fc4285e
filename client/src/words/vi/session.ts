import type { account as Account, session as Session } from '../en/session.ts'

export const session: typeof Session = {
  title: 'Đăng nhập',
  name: 'Tên đăng nhập',
  password: 'Mật khẩu',
  submit: 'Đăng nhập',
  withProvider: (provider) => `Tiếp tục với ${provider}`,
  or: 'hoặc dùng tên và mật khẩu',
  demo: 'Tài khoản dùng thử',
  demoNote: 'Đây là dự án minh họa. Hãy chọn một tài khoản để điền sẵn vào biểu mẫu.',
  wrong: 'Tên đăng nhập hoặc mật khẩu không đúng.',
  throttled: (seconds) =>
    seconds === null
      ? 'Bạn đã thử quá nhiều lần. Hãy đợi một lát rồi thử lại.'
      : `Bạn đã thử quá nhiều lần. Hãy thử lại sau ${seconds} giây.`,
  expired: 'Phiên làm việc đã hết hạn. Hãy đăng nhập để tiếp tục từ chỗ đang dở.',
  showPassword: 'Hiện mật khẩu',
}

export const account: typeof Account = {
  title: 'Tài khoản',
  roles: 'Vai trò',
  password: 'Đổi mật khẩu',
  mustChange: 'Hãy đặt mật khẩu của riêng bạn trước khi tiếp tục. Mật khẩu được cấp chỉ dùng được cho bước này.',
  current: 'Mật khẩu hiện tại',
  next: 'Mật khẩu mới',
  again: 'Nhập lại mật khẩu mới',
  rule: (n) => `Ít nhất ${n} ký tự; nên ghép vài từ không liên quan đến nhau.`,
  tooShort: (n) => `Cần ít nhất ${n} ký tự.`,
  different: 'Hai lần nhập không giống nhau.',
  same: 'Đây chính là mật khẩu hiện tại.',
  submit: 'Đổi mật khẩu',
  changed: 'Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.',
  wrong: 'Mật khẩu hiện tại không đúng.',
}
