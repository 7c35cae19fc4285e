import type { states as States } from '../en/states.ts'

export const states: typeof States = {
  loading: 'Đang tải',
  unknown: 'không rõ',
  again: 'Thử lại',
  notFound: 'Không có gì ở đây.',
  notFoundDetail: 'Địa chỉ không đúng, hoặc bạn không có quyền xem.',
  home: 'Về trang đầu',
  failed: 'Không tải được nội dung này.',
  unreachable: 'Máy chủ không phản hồi. Hãy kiểm tra kết nối mạng rồi thử lại.',
  forbidden: 'Vai trò của bạn không cho phép thao tác này.',
  defect: 'Máy chủ báo lỗi. Chi tiết được ghi trong nhật ký của máy chủ.',
  newVersion: 'Trang này được mở từ trước khi máy chủ cập nhật. Hãy tải lại để tiếp tục.',
  reload: 'Tải lại',
}
