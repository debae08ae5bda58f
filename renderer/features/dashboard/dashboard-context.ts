import { createContext, useContext } from 'react';
import type { ServerView } from '../../../shared/model/server';

/** What all pages of a dashboard go by. */
export interface DashboardScene {
  readonly serverId: string;
  readonly database: string;
  /** Null until it is known. */
  readonly server: ServerView | null;
  /** Milliseconds between looks. */
  readonly intervalMs: number;
  /** Whether the server is asked at all: the tab can be seen and the server is connected. */
  readonly awake: boolean;
  readonly paused: boolean;
  /** Grows when the person wants to look at once. */
  readonly turn: number;
  /** Tells what the last look took, in milliseconds. */
  readonly spent: (ms: number) => void;
}

export const SceneContext = createContext<DashboardScene>({
  serverId: '',
  database: '',
  server: null,
  intervalMs: 5000,
  awake: false,
  paused: false,
  turn: 0,
  spent: () => undefined,
});

export const useScene = (): DashboardScene => useContext(SceneContext);
