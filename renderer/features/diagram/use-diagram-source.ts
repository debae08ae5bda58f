import { useCallback, useEffect, useRef, useState } from 'react';
import type { DiagramSchemaChoice } from '../../../shared/contract/diagram';
import { errorInfo, throwIfAborted } from '../../../shared/errors';
import type { ObjectRef } from '../../../shared/model/catalog';
import { EMPTY_DIAGRAM, MOST_DIAGRAM_TABLES } from '../../../shared/model/diagram';
import { api } from '../../api';
import type { DiagramTab } from './store';

/** Which database a diagram belongs to. */
export interface DiagramDatabase {
  readonly serverId: string;
  readonly database: string;
}

export type Phase =
  /** Nothing is chosen yet. */
  | { readonly is: 'start' }
  | { readonly is: 'reading' }
  | { readonly is: 'schemas'; readonly schemas: readonly DiagramSchemaChoice[] }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'drawing' };

interface Scope {
  readonly schemas: readonly string[];
  readonly tables: readonly number[];
}

/** What the objects that a command names mean for a diagram; a database stands for everything in it. */
function scopeOf(objects: readonly ObjectRef[]): Scope {
  if (objects.some(({ kind }) => kind === 'database')) return { schemas: [], tables: [] };
  const schemas = objects.filter(({ kind }) => kind === 'schema').map(({ name }) => name);
  const tables = objects.filter(({ kind }) => kind === 'table').map(({ oid }) => oid);
  return { schemas, tables: schemas.length > 0 ? [] : tables };
}

/** Reads what a diagram begins with, and asks where everything would be too much. */
export function useDiagramSource(tab: DiagramTab, given: DiagramDatabase | null, objects: readonly ObjectRef[]) {
  const [phase, setPhase] = useState<Phase>({ is: given ? 'reading' : 'start' });
  const [database, setDatabase] = useState<DiagramDatabase | null>(given);
  const reading = useRef(new AbortController());
  const last = useRef<Scope>({ schemas: [], tables: [] });

  const read = useCallback(
    async (where: DiagramDatabase, scope: Scope) => {
      reading.current.abort();
      reading.current = new AbortController();
      const { signal } = reading.current;
      last.current = scope;
      setDatabase(where);
      setPhase({ is: 'reading' });
      try {
        if (scope.schemas.length === 0 && scope.tables.length === 0) {
          const schemas = await api.diagram.schemas(where, signal);
          if (schemas.reduce((sum, { tables }) => sum + tables, 0) > MOST_DIAGRAM_TABLES) {
            setPhase({ is: 'schemas', schemas });
            return;
          }
        }
        const diagram = await api.diagram.read(
          { ...where, schemas: [...scope.schemas], tables: [...scope.tables], related: false },
          signal,
        );
        tab.load(diagram, null);
        await tab.layOut(true);
        throwIfAborted(signal);
        setPhase({ is: 'drawing' });
      } catch (error) {
        if (errorInfo(error).code !== 'cancelled') setPhase({ is: 'failed', error });
      }
    },
    [tab],
  );

  // The objects are those the tab was opened with: they are read once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || !given) return;
    begun.current = true;
    void read(given, scopeOf(objects));
  }, [given, objects, read]);
  useEffect(() => () => reading.current.abort(), []);

  return {
    phase,
    database,
    read,
    retry: () => {
      if (database) void read(database, last.current);
    },
    begin(diagram = EMPTY_DIAGRAM, file: Parameters<DiagramTab['load']>[1] = null) {
      reading.current.abort();
      tab.load(diagram, file);
      setPhase({ is: 'drawing' });
    },
  };
}
