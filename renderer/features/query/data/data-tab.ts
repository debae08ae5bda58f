import { createStore, type StoreApi } from 'zustand';
import { errorInfo, type ErrorInfo } from '../../../../shared/errors';
import { api } from '../../../api';
import { createQueryTab, type QueryTab } from '../store';

/** What reads the rows, and how many at most; 0 is all. */
export interface DataSource {
  readonly sql: string;
  readonly limit: number;
}

export interface DataTabState {
  /** Null until it is known. */
  readonly source: DataSource | null;
  /** Why the rows can't be asked for. */
  readonly problem: ErrorInfo | null;
}

export interface DataTab {
  /** The session and its result. */
  readonly tab: QueryTab;
  readonly store: StoreApi<DataTabState>;
  /** Opens a session and reads the rows. */
  open(): Promise<void>;
  /** Reads the rows (again). */
  read(): Promise<void>;
  close(): void;
}

/** Whatever the person's setting is: rows that are only looked at must not hold a transaction open. */
const AUTOCOMMIT = { autocommit: true, onError: 'stop' } as const;

/** The rows of one relation, by its number: a renamed table is found again. */
export function createDataTab(serverId: string, database: string, oid: number): DataTab {
  const tab = createQueryTab(serverId, database);
  const store = createStore<DataTabState>(() => ({ source: null, problem: null }));
  const read = async (): Promise<void> => {
    const sessionId = tab.store.getState().session?.sessionId;
    if (sessionId === undefined) return;
    try {
      const { dataLimit } = (await api.settings.get({})).query;
      await api.query.setMode({ sessionId, mode: AUTOCOMMIT });
      const { sql } = await api.query.tableQuery({ sessionId, oid, limit: dataLimit });
      store.setState({ source: { sql, limit: dataLimit }, problem: null });
      await tab.run({ text: sql, start: 0 });
    } catch (error) {
      store.setState({ problem: errorInfo(error) });
    }
  };
  return {
    tab,
    store,
    read,
    async open() {
      await tab.open(database);
      await read();
    },
    close: () => tab.close(),
  };
}
