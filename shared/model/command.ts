import type { FolderKind, ObjectKind, ObjectRef } from './catalog';

/** What a dialog can do with objects of the tree. */
export const OBJECT_ACTIONS = [
  'maintain',
  'truncate',
  'refresh-view',
  'grant',
  'enable-triggers',
  'disable-triggers',
  'enable',
  'disable',
  'validate',
  'detach',
  'reset-statistics',
  'reassign-owned',
  'reload-configuration',
  'restore-point',
  'pause-replay',
  'resume-replay',
] as const;
export type ObjectAction = (typeof OBJECT_ACTIONS)[number];

/** What a menu entry, a key, the palette or a view asks the shell to do. Names match the translations of `app.commands`. */
export type Command =
  | { readonly do: 'show-start' }
  | { readonly do: 'show-instances' }
  | { readonly do: 'create-instance'; readonly plane?: string }
  /** The management page of one instance; `tab` is one of its tabs. */
  | { readonly do: 'show-instance'; readonly plane: string; readonly id: string; readonly tab?: string }
  | { readonly do: 'show-networks'; readonly plane?: string }
  | { readonly do: 'show-migrations' }
  /** The page of one migration task; `tab` is one of its tabs. */
  | { readonly do: 'show-migration'; readonly id: string; readonly tab?: string }
  /** The wizard: of a new task, or of one that has not run yet. */
  | { readonly do: 'create-migration'; readonly jobId?: string }
  | { readonly do: 'show-tasks' }
  | { readonly do: 'show-task'; readonly taskId: string }
  /** `row`: the setting to show, by the name of its row. */
  | { readonly do: 'show-settings'; readonly row?: string }
  | { readonly do: 'show-help'; readonly topic?: string }
  | { readonly do: 'show-about' }
  | { readonly do: 'show-palette' }
  | { readonly do: 'show-explorer' }
  | { readonly do: 'register-server'; readonly groupId?: string | null; readonly text?: string }
  | { readonly do: 'edit-server'; readonly serverId: string }
  | { readonly do: 'create-group'; readonly parentId?: string | null }
  | { readonly do: 'edit-group'; readonly groupId: string }
  | { readonly do: 'connect-server'; readonly serverId: string }
  | {
      readonly do: 'open-query';
      readonly serverId: string;
      readonly database: string;
      readonly sql?: string;
      /** Run it at once (SELECT scripts of the tree only). */
      readonly run?: boolean;
      /** The kept text to go on with, in place of `sql`. */
      readonly draftId?: string;
    }
  /** Rows of a table or view, to look at and to edit. */
  | { readonly do: 'view-data'; readonly serverId: string; readonly database: string; readonly object: ObjectRef }
  /** What a server is doing; without one the person chooses. */
  | { readonly do: 'show-dashboard'; readonly serverId?: string; readonly database?: string; readonly ofTree?: true }
  /** psql in a terminal; without a server the person chooses. */
  | { readonly do: 'open-terminal'; readonly serverId?: string; readonly database?: string; readonly ofTree?: true }
  /** Snippets, macros and saved queries, to be managed. */
  | { readonly do: 'show-library' }
  | { readonly do: 'show-history'; readonly serverId?: string }
  | { readonly do: 'open-file' }
  | { readonly do: 'save-file' }
  | { readonly do: 'save-file-as' }
  /** Puts the cursor where the tab in front is searched. */
  | { readonly do: 'find' }
  /** The rows of what is chosen in the tree. */
  | { readonly do: 'view-chosen-data' }
  | { readonly do: 'show-notifications' }
  | { readonly do: 'show-shortcuts' }
  | { readonly do: 'new-window' }
  | {
      readonly do: 'show-object';
      readonly serverId: string;
      readonly database: string;
      readonly object: ObjectRef;
    }
  /** The things of a folder as a grid. */
  | {
      readonly do: 'show-folder';
      readonly serverId: string;
      readonly database: string;
      readonly folder: FolderKind;
      readonly parent: ObjectRef | null;
    }
  | {
      readonly do: 'create-object';
      readonly serverId: string;
      readonly database: string;
      readonly kind: ObjectKind;
      /** Which of the kind's dialogs; empty where there is one. */
      readonly variant: string;
      readonly parent: ObjectRef | null;
    }
  | { readonly do: 'edit-object'; readonly serverId: string; readonly database: string; readonly object: ObjectRef }
  | {
      readonly do: 'drop-objects';
      readonly serverId: string;
      readonly database: string;
      readonly objects: readonly ObjectRef[];
      readonly cascade: boolean;
    }
  /** A dialog that works on objects: maintenance, privileges, truncate, … */
  | {
      readonly do: 'act-on-objects';
      readonly action: ObjectAction;
      readonly serverId: string;
      readonly database: string;
      readonly objects: readonly ObjectRef[];
    }
  | {
      readonly do: 'search-objects';
      readonly serverId?: string;
      readonly database?: string;
      /** What is searched for at once. */
      readonly text?: string;
    }
  /** Compares two schemas, databases or dump files; what is given is one side. */
  | { readonly do: 'compare'; readonly serverId?: string; readonly database?: string; readonly schema?: string }
  /** A diagram of tables: a new one of a database, a schema or some tables, or a saved one. */
  | {
      readonly do: 'show-diagram';
      readonly serverId?: string;
      readonly database?: string;
      readonly objects?: readonly ObjectRef[];
    }
  | { readonly do: 'import'; readonly serverId?: string; readonly database?: string; readonly taskId?: string }
  /** Runs a macro of the library in the query tab in front. */
  | { readonly do: 'run-macro'; readonly id: string }
  | { readonly do: 'refresh-tree'; readonly serverId?: string }
  | { readonly do: 'toggle-theme' }
  | { readonly do: 'close-tab' }
  /** `ofTree`: where the tree stands, whatever tab is in front. */
  | { readonly do: 'new-query'; readonly ofTree?: true };

/** Commands that need nothing more than their name: what menus and the palette can offer as they are. */
export type PlainCommandName = Exclude<
  Command['do'],
  | 'show-task'
  | 'show-instance'
  | 'show-migration'
  | 'edit-server'
  | 'edit-group'
  | 'connect-server'
  | 'open-query'
  | 'view-data'
  | 'show-object'
  | 'show-folder'
  | 'create-object'
  | 'edit-object'
  | 'drop-objects'
  | 'act-on-objects'
  | 'run-macro'
>;

/** A command by its name alone: the compiler does not see it by itself in a union of this size. */
export const plainCommand = (name: PlainCommandName): Command => ({ do: name }) as Command;
