export const session = {
  title: 'Sign in',
  name: 'Name',
  password: 'Password',
  submit: 'Sign in',
  withProvider: (provider: string) => `Continue with ${provider}`,
  or: 'or with a name and password',
  demo: 'Demo accounts',
  demoNote: 'This project is a demonstration. Choose an account to fill in the form.',
  wrong: 'The name or the password is not right.',
  throttled: (seconds: number | null) =>
    seconds === null
      ? 'Too many attempts. Wait a while, then try again.'
      : `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
  expired: 'Your session has ended. Sign in to go on where you were.',
  showPassword: 'Show the password',
}

export const account = {
  title: 'Account',
  roles: 'Roles',
  password: 'Change password',
  mustChange: 'Choose a password of your own before you go on. The one you were given works only for this.',
  current: 'Current password',
  next: 'New password',
  again: 'New password, once more',
  rule: (n: number) => `At least ${n} characters; a few words that do not belong together are good.`,
  tooShort: (n: number) => `At least ${n} characters.`,
  different: 'The two do not match.',
  same: 'This is the current password.',
  submit: 'Change password',
  changed: 'The password is changed. Other sessions of yours have ended.',
  wrong: 'The current password is not right.',
}
