import { z } from 'zod';
import {
  CONTRASTS,
  DEFAULT_QUERY_SETTINGS,
  LANGUAGES,
  THEMES,
  type SecretStatus,
  type Settings,
} from '../model/settings';
import { call, push } from './define';

const querySettings = z.object({
  autocommit: z.boolean(),
  onError: z.enum(['stop', 'continue']),
  completeAsTyped: z.boolean(),
  keywordCase: z.enum(['upper', 'lower', 'preserve']),
  indent: z.number().int().min(1).max(16),
  nullText: z.string().max(20),
  historySize: z.number().int().min(0).max(1_000_000),
  confirm: z.enum(['production', 'always', 'never']),
  dataLimit: z.number().int().min(0).max(1_000_000_000),
  editorFontSize: z.number().min(8).max(32),
});

const fields = z.object({
  theme: z.enum(THEMES),
  contrast: z.enum(CONTRASTS),
  language: z.enum(LANGUAGES),
  showSystemObjects: z.boolean(),
  toolFolders: z.array(z.string().max(4096)).max(100),
  layout: z.string().max(1_000_000),
  shortcuts: z.record(z.string().max(100), z.string().max(50)),
  query: querySettings,
  notifyTasks: z.boolean(),
});

/** The file: what an earlier version did not know of takes its default. */
export const settingsDocument = fields.extend({
  shortcuts: fields.shape.shortcuts.default({}),
  query: querySettings
    .extend({ editorFontSize: querySettings.shape.editorFontSize.default(12.5) })
    .default(DEFAULT_QUERY_SETTINGS),
  contrast: fields.shape.contrast.default('system'),
  notifyTasks: fields.shape.notifyTasks.default(true),
});

const masterPassword = z.string().min(8).max(1024);
/** While locked, a change of mode can only start anew: it fails with `secrets-locked` unless this says that stored passwords may go. */
const discardStored = z.boolean().optional();

export const settings = {
  calls: {
    get: call<Settings>()(z.object({})),
    update: call<Settings>()(fields.partial()),
    secrets: call<SecretStatus>()(z.object({})),
    /** Fails with `authentication` when wrong. */
    unlock: call<SecretStatus>()(z.object({ masterPassword: z.string().max(1024) })),
    /** Forgets the key until `unlock`. `unsupported` without a master password. */
    lock: call<SecretStatus>()(z.object({})),
    /** Keeps secrets under a master password from now on; what is stored and readable is re-encrypted. */
    keepUnderMasterPassword: call<SecretStatus>()(z.object({ masterPassword, discardStored })),
    /** Keeps secrets in the operating system's keychain from now on. `unsupported` where there is none. */
    keepInKeychain: call<SecretStatus>()(z.object({ discardStored })),
    /** Keeps secrets only while the program runs; what was stored is deleted from the disk. */
    keepInSession: call<SecretStatus>()(z.object({})),
  },
  pushes: {
    changed: push<Settings>(),
    secretsChanged: push<SecretStatus>(),
  },
};
