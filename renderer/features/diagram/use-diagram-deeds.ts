import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagram, DiagramNote, DiagramTable } from '../../../shared/model/diagram';
import { changeSql } from '../../../shared/model/diagram-changes';
import { duplicateTable, putNote, putTable } from '../../../shared/model/diagram-edits';
import { isDirty } from '../../../shared/model/diagram-history';
import { createSql } from '../../../shared/model/diagram-sql';
import { api } from '../../api';
import { useCopy } from '../../ui/clipboard';
import { presentError } from '../../ui/error-presenter';
import { showNotice } from '../../ui/notice';
import { useCommand } from '../../ui/workbench';
import { exportDiagram, openDiagram, saveDiagram } from './diagram-files';
import type { DrawingWords } from './draw-table';
import { newId } from './new-id';
import { draftOf, type RelationDraft } from './relation-form';
import type { DiagramFile, DiagramTab } from './store';
import { newTable } from './table-form';
import type { DiagramDeed } from './toolbar';
import type { DiagramDatabase } from './use-diagram-source';
import { snapped } from './use-canvas-pointer';

/** The dialog that is open. */
type OpenDialog =
  | { readonly dialog: 'table'; readonly table: DiagramTable; readonly isNew: boolean }
  | { readonly dialog: 'note'; readonly note: DiagramNote; readonly isNew: boolean }
  /** Another file is to be opened, and the diagram has changes that are not saved. */
  | { readonly dialog: 'discard' }
  | { readonly dialog: 'existing'; readonly database: DiagramDatabase }
  | { readonly dialog: 'relation'; readonly draft: RelationDraft; readonly isNew: boolean };

export type DiagramDeeds = ReturnType<typeof useDiagramDeeds>;

interface Deeds {
  readonly tab: DiagramTab;
  /** What files are called. */
  readonly name: string;
  readonly database: DiagramDatabase | null;
  readonly begin: (diagram: Diagram, file: DiagramFile) => void;
}

/** About what a new table takes, and what a new note takes. */
const NEW_TABLE = { width: 240, height: 120 };
const NEW_NOTE = { width: 240, height: 96 };

/** The oid of a table that was read (electron/features/diagram/read-diagram.ts); null for one that was drawn. */
function readOid(id: string): number | null {
  const found = /^t(\d+)$/.exec(id)?.[1];
  return found === undefined ? null : Number(found);
}

/** What the tools, the keys and the mouse do with a diagram. */
export function useDiagramDeeds({ tab, name, database, begin }: Deeds) {
  const { t } = useTranslation('diagram');
  const run = useCommand();
  const copy = useCopy();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const words = useMemo<DrawingWords>(() => ({ partitions: (count) => t('partitions', { count }) }), [t]);
  const present = (): Diagram => tab.store.getState().history.present;
  /** A free place in the middle of what is seen, or below it. */
  const middle = (width: number, height: number) => {
    const { camera, size } = tab.store.getState();
    return tab.freePlace({
      x: snapped((size.width / 2 - camera.x) / camera.zoom - width / 2),
      y: snapped((size.height / 2 - camera.y) / camera.zoom - height / 2),
      width,
      height,
    });
  };

  const onEdit = (id: string) => {
    const diagram = present();
    const table = diagram.tables.find((each) => each.id === id);
    const note = diagram.notes.find((each) => each.id === id);
    const relation = diagram.relations.find((each) => each.id === id);
    if (table) setOpen({ dialog: 'table', table, isNew: false });
    else if (note) setOpen({ dialog: 'note', note, isNew: false });
    else if (relation) {
      setOpen({
        dialog: 'relation',
        draft: draftOf(relation.from, relation.to, relation, relation.id),
        isNew: false,
      });
    }
  };
  const relate = (from: string, to: string) =>
    setOpen({ dialog: 'relation', draft: draftOf(from, to, null, newId()), isNew: true });

  const openQuery = (sql: string) => {
    if (database) run({ do: 'open-query', ...database, sql });
  };

  /** Tables of the database that those selected refer to or that refer to them. */
  const addRelated = async () => {
    const { selection } = tab.store.getState();
    const tables = present()
      .tables.filter(({ id }) => selection.has(id))
      .flatMap(({ id }) => readOid(id) ?? []);
    if (!database || tables.length === 0) return;
    const read = await api.diagram.read({ ...database, schemas: [], tables, related: true });
    if (!tab.addRead(read)) showNotice(t('related.none'));
  };

  const addExisting = async (tables: number[]) => {
    if (!database) return;
    const drawn = present().tables.flatMap(({ id }) => readOid(id) ?? []);
    // Those that are there are read along: the relations between old and new belong to the drawing.
    tab.addRead(await api.diagram.read({ ...database, schemas: [], tables: [...drawn, ...tables], related: false }));
  };
  const putOne = (table: DiagramTable) => {
    tab.change(putTable(present(), table));
    tab.select([table.id]);
  };

  const openFile = async () => {
    const opened = await openDiagram(t);
    if (opened) begin(opened.diagram, opened.file);
  };

  const onDeed = (deed: DiagramDeed): void => {
    switch (deed) {
      case 'add-table':
        setOpen({
          dialog: 'table',
          table: newTable(present().tables, middle(NEW_TABLE.width, NEW_TABLE.height), newId),
          isNew: true,
        });
        break;
      case 'add-note': {
        const note: DiagramNote = {
          id: newId(),
          text: '',
          colour: 'amber',
          ...middle(NEW_NOTE.width, NEW_NOTE.height),
          ...NEW_NOTE,
        };
        setOpen({ dialog: 'note', note, isNew: true });
        break;
      }
      case 'relate': {
        const tables = present().tables.filter(({ id }) => tab.store.getState().selection.has(id));
        relate(tables[0]?.id ?? '', tables[1]?.id ?? '');
        break;
      }
      case 'add-related':
        addRelated().catch(presentError);
        break;
      case 'add-existing':
        if (database) setOpen({ dialog: 'existing', database });
        break;
      case 'duplicate': {
        const { selection } = tab.store.getState();
        const table = present().tables.find(({ id }) => selection.has(id));
        if (!table) break;
        const copied = duplicateTable(present(), table, newId);
        const box = { ...NEW_TABLE, x: table.x, y: table.y };
        putOne({ ...copied, ...tab.freePlace(box) });
        break;
      }
      case 'edit': {
        const [id] = tab.store.getState().selection;
        if (id !== undefined) onEdit(id);
        break;
      }
      case 'layout':
        tab.layOut(false).catch(presentError);
        break;
      case 'save':
      case 'save-as':
        saveDiagram(tab, name, deed === 'save-as', t).catch(presentError);
        break;
      case 'open':
        if (isDirty(tab.store.getState().history)) setOpen({ dialog: 'discard' });
        else openFile().catch(presentError);
        break;
      case 'export-svg':
        exportDiagram(tab, name, 'svg', words, t).catch(presentError);
        break;
      case 'export-png':
        exportDiagram(tab, name, 'png', words, t).catch(presentError);
        break;
      case 'export-sql':
        exportDiagram(tab, name, 'sql', words, t).catch(presentError);
        break;
      case 'create-sql':
        openQuery(createSql(present()));
        break;
      case 'copy-sql':
        copy(createSql(present()));
        break;
      case 'change-sql': {
        const sql = changeSql(present(), t('sql.drops'));
        if (sql === '') showNotice(t('sql.unchanged'));
        else openQuery(sql);
        break;
      }
    }
  };

  return {
    open,
    close: () => setOpen(null),
    words,
    onDeed,
    onEdit,
    openFile,
    addExisting,
    /** The table that refers gets a column; the one whose key was taken is referred to. */
    onLink: (keyTable: string, other: string) => relate(other, keyTable),
    putTable: putOne,
    putNote: (note: DiagramNote) => {
      tab.change(putNote(present(), note));
      tab.select([note.id]);
    },
  };
}
