/** The help pages, in reading order; texts are in the translations of `app.help.topics`. */
export const HELP_TOPICS = [
  'getting-started',
  'register-server',
  'objects',
  'import',
  'instances',
  'availability',
  'networks',
  'migration',
  'control-planes',
  'query',
  'results',
  'data',
  'explain',
  'library',
  'terminal',
  'dashboard',
  'compare',
  'diagram',
  'keyboard',
  'secrets',
] as const;
export type HelpTopic = (typeof HELP_TOPICS)[number];

export const isHelpTopic = (topic: string): topic is HelpTopic => HELP_TOPICS.some((known) => known === topic);
