import type { finishing as Finishing } from '../en/finishing.ts'

export const finishing: typeof Finishing = {
  title: 'Đã xem và đã trả lời',
  seen: 'Phần đã xem',
  view: 'Tư thế',
  share: 'Đã xem ở 1:1',
  atFull: 'Thời gian ở 1:1',
  onScreen: 'Trên màn hình',
  whole: 'Mọi tư thế đã được xem trọn vẹn ở 1:1.',
  notWhole: (n) => `Còn ${n} tư thế chưa được xem trọn vẹn ở 1:1.`,
  rest: 'Xem phần còn lại',
  restOf: (view) => `Xem phần còn lại của ${view}`,
  noFindings: 'Chưa đánh dấu tổn thương nào.',
  unanswered: 'chưa trả lời',
  missing: 'Còn thiếu',
  toConfirm: 'Cần xác nhận',
  open: (n) => `Còn ${n} điểm khác nhau chưa quyết định.`,
  nothingMissing: 'Không còn thiếu gì.',
  time: 'Thời gian theo từng bước',
  total: 'Tổng cộng',
  submitted: 'Kết quả này đã được gửi.',
  goOn: 'Đi tiếp',
}
