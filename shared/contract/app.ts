import { z } from 'zod';
import type { Command } from '../model/command';
import { call, push } from './define';

export interface AppInfo {
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
  /** e.g. `linux x64`. */
  readonly platform: string;
  /** Language tag of the operating system. */
  readonly locale: string;
  /** Where data, log and cache are. */
  readonly folders: { readonly data: string; readonly log: string };
}

const filters = z
  .array(z.object({ name: z.string().max(100), extensions: z.array(z.string().max(20)).max(20) }))
  .max(20);

/** What only Electron itself can do; answered by electron/host. */
export const app = {
  calls: {
    info: call<AppInfo>()(z.object({})),
    /** The native dialog. The path stays in main under the token; `purpose: 'path'` (certificates, keys) also returns it. */
    pickFile: call<{ token: string; name: string; path: string } | null>()(
      z.object({ title: z.string().max(200), filters, purpose: z.enum(['import', 'path']) }),
    ),
    pickFolder: call<{ path: string } | null>()(z.object({ title: z.string().max(200) })),
    pickSaveFile: call<{ token: string; name: string } | null>()(
      z.object({ title: z.string().max(200), suggestedName: z.string().max(200), filters }),
    ),
    copy: call<void>()(z.object({ text: z.string().max(200_000_000) })),
    /** http and https only, in the person's browser. */
    openExternal: call<void>()(z.object({ url: z.string().max(2000) })),
    showInFolder: call<void>()(z.object({ folder: z.enum(['data', 'log']) })),
    /** The renderer's language, so that the application menu follows. */
    setLanguage: call<void>()(z.object({ language: z.enum(['en', 'zh-CN']) })),
  },
  pushes: {
    /** From the application menu. */
    command: push<Command>(),
  },
};
