/** What server programs see of our environment: nothing that could change their behaviour or carry a secret. */
export const serverEnvironment = (): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
});
