import { z } from 'zod';
import type { Diagram } from '../model/diagram';
import { diagramSchema } from '../model/diagram-document';
import { call } from './define';

const where = { serverId: z.string().min(1).max(64), database: z.string().min(1).max(63) };
const fileToken = z.string().min(1).max(64);

export interface DiagramSchemaChoice {
  readonly name: string;
  /** Tables that a diagram of it would show. */
  readonly tables: number;
}

/** A table that a diagram may show. */
export interface DiagramTableChoice {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/** Largest picture that is written, in bytes. */
const MOST_PICTURE = 200_000_000;

export const diagram = {
  calls: {
    /** Schemas a person may draw, with their tables; system schemas aren't among them. */
    schemas: call<DiagramSchemaChoice[]>()(z.object(where)),
    /** Tables that a person may add to a diagram, by schema and name. */
    tables: call<DiagramTableChoice[]>()(z.object(where)),
    /**
     * Tables of schemas (all when there are none) or those chosen, with the keys between them; not laid out yet. With `related` also the tables
     * that those chosen refer to or that refer to them. Fails with `invalid-input` when they are more than MOST_DIAGRAM_TABLES.
     */
    read: call<Diagram>()(
      z.object({
        ...where,
        schemas: z.array(z.string().max(63)).max(10_000),
        tables: z.array(z.number().int().min(0)).max(10_000),
        related: z.boolean(),
      }),
    ),
    /** Writes the document. Fails with `file`. */
    save: call<void>()(z.object({ fileToken, diagram: diagramSchema })),
    /** Reads a document; `saveToken` writes to the same file again. Fails with `file`, `invalid-input` or `unsupported`. */
    open: call<{ diagram: Diagram; name: string; saveToken: string }>()(z.object({ fileToken })),
    /** Writes a picture or a script that the window made. Fails with `file`. */
    saveExport: call<void>()(
      z.object({
        fileToken,
        content: z.union([
          z.string().max(MOST_PICTURE),
          z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= MOST_PICTURE),
        ]),
      }),
    ),
  },
  pushes: {},
};
