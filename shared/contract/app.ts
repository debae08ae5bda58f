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

/** One window of the program. */
export interface WindowView {
  readonly id: number;
  /** The title of its tab in front. */
  readonly title: string;
}

const windowId = z.number().int().min(0);

const isObjectText = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** A tab on its way to another window: what it shows as JSON, which the window that gets it checks, and the session or terminal that goes on in it. */
const movedTab = z.object({
  content: z.string().max(1_000_000).refine(isObjectText, 'Not a JSON object'),
  sessionId: z.string().min(1).max(64).optional(),
});
export type MovedTab = z.output<typeof movedTab>;

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
    /** In the order in which they were opened. */
    windows: call<WindowView[]>()(z.object({})),
    /** The tabs that were moved to the window since it was last asked, and the layout that it was opened with (empty: none). `main`: the window whose layout is kept for the next start. */
    arrivals: call<{ main: boolean; tabs: string[]; layout: string }>()(z.object({ windowId })),
    /** Opens another window, with the tab in it, or with a layout that is opaque to main. */
    openWindow: call<void>()(z.object({ tab: movedTab.optional(), layout: z.string().max(1_000_000).optional() })),
    /** Gives a tab to another window and brings that to the front. `not-found` when it is closed. */
    moveTab: call<void>()(z.object({ windowId, tab: movedTab })),
    setWindowTitle: call<void>()(z.object({ windowId, title: z.string().max(300) })),
    closeWindow: call<void>()(z.object({ windowId })),
  },
  pushes: {
    /** From the application menu. */
    command: push<Command>(),
    /** Tabs were moved to the window with this id: it takes them with `arrivals`. */
    tabsArrived: push<{ windowId: number }>(),
    /** A person has closed a window, and others go on. */
    windowClosed: push<{ windowId: number }>(),
  },
};
