import { FOLDER_KINDS, OBJECT_KINDS, type FolderKind, type ObjectRef } from '../../shared/model/catalog';

/** What a docking tab shows. Plain data: it is kept in the saved layout. */
export type TabContent =
  | { readonly view: 'start' }
  | { readonly view: 'instances' }
  | { readonly view: 'create-instance'; readonly plane?: string }
  | { readonly view: 'instance'; readonly plane: string; readonly id: string; readonly tab?: string }
  | { readonly view: 'networks'; readonly plane?: string }
  | { readonly view: 'migrations' }
  | { readonly view: 'migration'; readonly id: string; readonly tab?: string }
  | { readonly view: 'migration-wizard'; readonly jobId?: string }
  | { readonly view: 'settings'; readonly row?: string }
  | { readonly view: 'tasks'; readonly taskId?: string }
  | { readonly view: 'help'; readonly topic: string }
  | {
      readonly view: 'query';
      readonly serverId: string;
      readonly database: string;
      readonly initialSql: string;
      readonly runAtOnce: boolean;
      /** Under which its text is kept; a new tab gets one of its own. */
      readonly draftId?: string | undefined;
      /** The session that it goes on with: the tab came from another window. */
      readonly sessionId?: string | undefined;
      /** Comes from a saved layout: it opens no session before the person asks. */
      readonly restored?: true | undefined;
    }
  | {
      readonly view: 'data';
      readonly serverId: string;
      readonly database: string;
      readonly object: ObjectRef;
      /** Comes from a saved layout: no rows are read before the person asks. */
      readonly restored?: true | undefined;
    }
  | { readonly view: 'dashboard'; readonly serverId: string; readonly database: string }
  | {
      readonly view: 'terminal';
      readonly serverId: string;
      readonly database: string;
      /** Begins at once; a tab that comes back waits until it is asked. */
      readonly start?: boolean;
      /** The psql that it goes on with: the tab came from another window. */
      readonly terminalId?: string;
    }
  | { readonly view: 'library' }
  | { readonly view: 'shortcuts' }
  | { readonly view: 'history'; readonly serverId?: string }
  | { readonly view: 'object'; readonly serverId: string; readonly database: string; readonly object: ObjectRef }
  | {
      readonly view: 'folder';
      readonly serverId: string;
      readonly database: string;
      readonly folder: FolderKind;
      readonly parent: ObjectRef | null;
    }
  | { readonly view: 'compare'; readonly serverId?: string; readonly database?: string; readonly schema?: string }
  | {
      readonly view: 'diagram';
      readonly serverId?: string;
      readonly database?: string;
      readonly objects?: readonly ObjectRef[];
    }
  | { readonly view: 'import'; readonly serverId?: string; readonly database?: string; readonly taskId?: string };

/** Opening the same thing twice focuses the tab that is there; queries, new imports and new migration tasks always get a tab of their own. */
export function tabIdOf(content: TabContent, fresh: () => string): string {
  switch (content.view) {
    case 'object': {
      const { kind, oid, sub } = content.object;
      return `object:${content.serverId}:${content.database}:${kind}:${oid}:${sub}`;
    }
    case 'data':
      return `data:${content.serverId}:${content.database}:${content.object.oid}`;
    case 'dashboard':
      return `dashboard:${content.serverId}`;
    case 'folder':
      return `folder:${content.serverId}:${content.database}:${content.folder}:${content.parent?.oid ?? 0}`;
    case 'instance':
      return `instance:${content.plane}:${content.id}`;
    case 'migration':
      return `migration:${content.id}`;
    case 'migration-wizard':
      return `migration-wizard:${content.jobId ?? fresh()}`;
    case 'query':
    case 'terminal':
    case 'compare':
    case 'diagram':
      return `${content.view}:${fresh()}`;
    case 'import':
      return `import:${content.taskId ?? fresh()}`;
    default:
      return content.view;
  }
}

/** What of a tab is kept when the window closes: a query's text isn't, and nothing may run by itself at the next start. */
export function keptContent(content: TabContent): TabContent {
  if (content.view === 'settings') return { view: 'settings' };
  if (content.view === 'terminal') {
    const { start: _start, terminalId: _terminal, ...kept } = content;
    return kept;
  }
  if (content.view === 'data') return { ...content, restored: true };
  if (content.view !== 'query') return content;
  const { sessionId: _session, ...kept } = content;
  return { ...kept, initialSql: '', runAtOnce: false, restored: true };
}

/** The most characters of a query's text that goes with its tab to another window; longer ones are kept as drafts. */
const MOVED_TEXT = 500_000;

/** A tab on its way to another window: nothing runs by itself there. */
export function movedContent(content: TabContent, added: Readonly<Record<string, string>>): TabContent {
  if (content.view === 'terminal') return { ...keptContent(content), ...added };
  if (content.view !== 'query') return content;
  const { sessionId: _before, ...kept } = content;
  const initialSql = added['initialSql'] ?? kept.initialSql;
  return {
    ...kept,
    initialSql: initialSql.length > MOVED_TEXT ? '' : initialSql,
    runAtOnce: false,
    sessionId: added['sessionId'],
    // One that never had a session waits for the person there as well.
    restored: added['sessionId'] === undefined ? kept.restored : undefined,
  };
}

/** What another window has sent, or null when it is no tab of this version. */
export function arrivedContent(text: string): TabContent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isRecord(value) && value['view'] === 'terminal') {
    const { terminalId, ...kept } = value;
    if (!isTabContent(kept) || kept.view !== 'terminal') return null;
    return isText(terminalId) ? { ...kept, terminalId } : kept;
  }
  if (!isRecord(value) || value['view'] !== 'query') return isTabContent(value) ? value : null;
  const { initialSql, sessionId } = value;
  if (typeof initialSql !== 'string' || initialSql.length > MOVED_TEXT || !isOptionalText(sessionId)) return null;
  const kept: unknown = { ...value, initialSql: '', sessionId: undefined };
  if (!isTabContent(kept) || kept.view !== 'query') return null;
  return { ...kept, initialSql, sessionId: isText(sessionId) ? sessionId : undefined };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1000;
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value);
const isMark = (value: unknown): boolean => value === undefined || value === true;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isObjectRef(value: unknown): value is ObjectRef {
  return (
    isRecord(value) &&
    OBJECT_KINDS.some((kind) => kind === value['kind']) &&
    Number.isInteger(value['oid']) &&
    Number.isInteger(value['sub']) &&
    isText(value['schema']) &&
    isText(value['name'])
  );
}

/** Whether something read from a saved layout is a tab this version can show. */
export function isTabContent(value: unknown): value is TabContent {
  if (!isRecord(value)) return false;
  switch (value['view']) {
    case 'start':
    case 'instances':
    case 'migrations':
    case 'library':
    case 'shortcuts':
      return true;
    case 'settings':
      return isOptionalText(value['row']);
    case 'history':
      return isOptionalText(value['serverId']);
    case 'create-instance':
    case 'networks':
      return isOptionalText(value['plane']);
    case 'instance':
      return isText(value['plane']) && isText(value['id']) && isOptionalText(value['tab']);
    case 'migration':
      return isText(value['id']) && isOptionalText(value['tab']);
    case 'migration-wizard':
      return isOptionalText(value['jobId']);
    case 'tasks':
      return isOptionalText(value['taskId']);
    case 'help':
      return isText(value['topic']);
    case 'query':
      return (
        isText(value['serverId']) &&
        isText(value['database']) &&
        value['initialSql'] === '' &&
        !value['runAtOnce'] &&
        isOptionalText(value['draftId']) &&
        value['sessionId'] === undefined &&
        isMark(value['restored'])
      );
    case 'terminal':
      return (
        isText(value['serverId']) && isText(value['database']) && !value['start'] && value['terminalId'] === undefined
      );
    case 'dashboard':
      return isText(value['serverId']) && isText(value['database']);
    case 'data':
      return (
        isText(value['serverId']) &&
        isText(value['database']) &&
        isObjectRef(value['object']) &&
        isMark(value['restored'])
      );
    case 'object':
      return isText(value['serverId']) && isText(value['database']) && isObjectRef(value['object']);
    case 'folder':
      return (
        isText(value['serverId']) &&
        isText(value['database']) &&
        FOLDER_KINDS.some((folder) => folder === value['folder']) &&
        (value['parent'] === null || isObjectRef(value['parent']))
      );
    case 'compare':
      return ['serverId', 'database', 'schema'].every((key) => isOptionalText(value[key]));
    case 'diagram':
      return (
        ['serverId', 'database'].every((key) => isOptionalText(value[key])) &&
        (value['objects'] === undefined || (Array.isArray(value['objects']) && value['objects'].every(isObjectRef)))
      );
    case 'import':
      return ['serverId', 'database', 'taskId'].every((key) => isOptionalText(value[key]));
    default:
      return false;
  }
}
