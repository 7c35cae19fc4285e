export const states = {
  loading: 'Loading',
  unknown: 'not known',
  again: 'Try again',
  notFound: 'There is nothing here.',
  notFoundDetail: 'The address is not right, or it is not for you.',
  home: 'Go to the start page',
  failed: 'This could not be loaded.',
  unreachable: 'The server does not answer. Check the network, then try again.',
  forbidden: 'Your roles do not allow this.',
  defect: 'The server reports an error. It is written in its log.',
  newVersion: 'This page was left open while the server was updated. Reload it to go on.',
  reload: 'Reload',
}
