import type { keys as Keys, scopes as Scopes } from '../en/keys.ts'

export const keys: typeof Keys = {
  showHelp: 'mở bảng trợ giúp này',
  openNext: 'mở ca tiếp theo',
  rowDown: 'xuống dòng dưới',
  rowUp: 'lên dòng trên',
  showNew: 'xem các ca mới',
  showInProgress: 'xem các ca đang làm',
  showDone: 'xem các ca đã xong',
}

export const scopes: typeof Scopes = { everywhere: 'Mọi trang', worklist: 'Danh sách ca' }
