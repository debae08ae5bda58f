export const THEMES = ['system', 'light', 'dark'] as const;
export const CONTRASTS = ['system', 'high'] as const;
export const LANGUAGES = ['system', 'en', 'zh-CN'] as const;

/** How query tabs behave. */
export interface QuerySettings {
  /** New tabs commit every statement by itself. */
  readonly autocommit: boolean;
  readonly onError: 'stop' | 'continue';
  /** Names are offered while typing, not only when asked for. */
  readonly completeAsTyped: boolean;
  /** How *Format* writes key words and indents. */
  readonly keywordCase: 'upper' | 'lower' | 'preserve';
  readonly indent: number;
  /** What cells show for NULL. */
  readonly nullText: string;
  /** Statements that the history keeps. */
  readonly historySize: number;
  /** Statements that change or drop are asked about before they run: on production servers, everywhere, or nowhere. */
  readonly confirm: 'production' | 'always' | 'never';
  /** Rows that *View data* reads; 0 is all. */
  readonly dataLimit: number;
  /** Size of the editor's text in pixels. */
  readonly editorFontSize: number;
}

export interface Settings {
  readonly theme: (typeof THEMES)[number];
  /** `high`: always; `system`: when the operating system asks for it. */
  readonly contrast: (typeof CONTRASTS)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly showSystemObjects: boolean;
  /** Folders with client programs, looked at before all others. */
  readonly toolFolders: readonly string[];
  /** Layout of tabs and panels as the shell saved it; opaque to main. */
  readonly layout: string;
  /** Keys that the person chose for actions, by action; empty takes an action's keys away. */
  readonly shortcuts: Readonly<Record<string, string>>;
  readonly query: QuerySettings;
  /** The operating system tells of a long task that ends while no window has the focus. */
  readonly notifyTasks: boolean;
}

export const DEFAULT_QUERY_SETTINGS: QuerySettings = {
  autocommit: true,
  onError: 'stop',
  completeAsTyped: true,
  keywordCase: 'upper',
  indent: 2,
  nullText: 'NULL',
  historySize: 10_000,
  confirm: 'production',
  dataLimit: 0,
  editorFontSize: 12.5,
};

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  contrast: 'system',
  language: 'system',
  showSystemObjects: false,
  toolFolders: [],
  layout: '',
  shortcuts: {},
  query: DEFAULT_QUERY_SETTINGS,
  notifyTasks: true,
};

/** Where passwords are kept on this machine. */
export interface SecretStatus {
  /** `keychain`: the operating system's, by safeStorage. `master-password`: encrypted file. `session`: only while the program runs. */
  readonly mode: 'keychain' | 'master-password' | 'session';
  /** Name of the backend, e.g. `gnome_libsecret`; empty when not the keychain. */
  readonly backend: string;
  readonly keychainAvailable: boolean;
  /** Stored passwords cannot be used now: a master password is needed, or the keychain that holds their key is not there. */
  readonly locked: boolean;
  /** Whether `unlock` can help. Locked without one: go back to the keychain that was used, or start anew. */
  readonly hasMasterPassword: boolean;
  /** How many passwords are stored. */
  readonly stored: number;
}
