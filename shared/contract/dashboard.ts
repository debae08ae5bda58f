/** What a server is doing now, for any registered server. */
export const dashboard = {
  calls: {},
  pushes: {},
};
