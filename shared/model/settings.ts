export const THEMES = ['system', 'light', 'dark'] as const;
export const LANGUAGES = ['system', 'en', 'zh-CN'] as const;

export interface Settings {
  readonly theme: (typeof THEMES)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly showSystemObjects: boolean;
  /** Folders with client programs, looked at before all others. */
  readonly toolFolders: readonly string[];
  /** Layout of tabs and panels as the shell saved it; opaque to main. */
  readonly layout: string;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  language: 'system',
  showSystemObjects: false,
  toolFolders: [],
  layout: '',
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
