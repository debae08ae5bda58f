import { describe, expect, it } from 'vitest';
import { convertConstraint, postWork } from '../../electron/control-plane/migration/structure/post-work';
import { entry, plan } from '../support/structure-entries';

describe('after the rows', () => {
  it.each([
    [
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT "K k" PRIMARY KEY ("A)", b) INCLUDE (c) WITH (fillfactor=\'90\');',
      'CREATE UNIQUE INDEX "K k" ON s.t ("A)", b) INCLUDE (c) WITH (fillfactor=\'90\');',
      'ALTER TABLE s.t ADD CONSTRAINT "K k" PRIMARY KEY USING INDEX "K k";',
    ],
    [
      "ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (fillfactor='90') DEFERRABLE INITIALLY DEFERRED;",
      "CREATE UNIQUE INDEX k ON s.t (a) INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor='90');",
      'ALTER TABLE s.t ADD CONSTRAINT k UNIQUE USING INDEX k DEFERRABLE INITIALLY DEFERRED;',
    ],
    [
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a);',
      'CREATE UNIQUE INDEX k ON s.t (a) NULLS NOT DISTINCT;',
      'ALTER TABLE s.t ADD CONSTRAINT k UNIQUE USING INDEX k;',
    ],
    [
      'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k UNIQUE (a) DEFERRABLE;',
      'CREATE UNIQUE INDEX k ON s.t (a);',
      'ALTER TABLE s.t ADD CONSTRAINT k UNIQUE USING INDEX k DEFERRABLE;',
    ],
  ])('a key is an index first: %s', (sql, build, attach) => {
    expect(convertConstraint(sql)).toEqual({ build, attach });
  });

  it.each([
    'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k EXCLUDE USING gist (a WITH &&);',
    'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k PRIMARY KEY (a, b WITHOUT OVERLAPS);',
    'ALTER TABLE s.t\n    ADD CONSTRAINT k CHECK ((a > 0)) NOT VALID;',
    'ALTER TABLE s.t\n    ADD CONSTRAINT k NOT NULL a NOT VALID;',
  ])('but not: %s', (sql) => {
    expect(convertConstraint(sql)).toBeNull();
  });

  it('every entry is in one list, and none of its statements is lost', () => {
    const post = { section: 'post' } as const;
    const index = (name: string) => ({
      schema: 's',
      name,
      tableOid: 1,
      constraint: null,
      primary: false,
      unique: false,
      deferrable: false,
      exclusion: false,
      valid: true,
      definition: '',
      bytes: 5,
    });
    const entries = [
      entry('TABLE', 'CREATE TABLE s.t ();'),
      entry('INDEX', 'CREATE INDEX i ON s.t USING btree (a);\nALTER TABLE s.t CLUSTER ON i;', post),
      entry(
        'INDEX',
        "SELECT pg_catalog.set_config('default_tablespace', 'x', false);\nCREATE INDEX j ON s.t USING btree (a);\nALTER INDEX s.j ALTER COLUMN 1 SET STATISTICS 5;\nSET default_tablespace = '';",
        post,
      ),
      entry('INDEX', 'CREATE INDEX unknown ON s.t USING btree (a);', post),
      entry(
        'CONSTRAINT',
        'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT k PRIMARY KEY (a);\nALTER TABLE ONLY s.t REPLICA IDENTITY USING INDEX k;',
        post,
      ),
      entry('CONSTRAINT', 'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT e EXCLUDE USING gist (a WITH &&);', post),
      ...[
        'CHECK CONSTRAINT',
        'FK CONSTRAINT',
        'INDEX ATTACH',
        'TRIGGER',
        'RULE',
        'POLICY',
        'ROW SECURITY',
        'STATISTICS',
        'EVENT TRIGGER',
        'ACL',
        'DEFAULT ACL',
        'COMMENT',
        'SOMETHING NEW',
      ].map((kind) => entry(kind, 'ALTER TABLE s.t DO x;', post)),
    ];
    const work = postWork(entries, plan({ indexes: ['i', 'j', 'k', 'e'].map(index) }));
    const lists = [work.indexes.map((each) => each.entry), work.constraints, work.foreignKeys, work.last].flat();
    expect(new Set(lists)).toEqual(new Set(entries.filter(({ section }) => section === 'post')));
    expect(lists.length).toBe(entries.length - 1);
    expect(work.indexes.map(({ build, attach }) => [build, attach])).toEqual([
      [['CREATE INDEX i ON s.t USING btree (a);'], ['ALTER TABLE s.t CLUSTER ON i;']],
      [
        [
          "SELECT pg_catalog.set_config('default_tablespace', 'x', false);",
          'CREATE INDEX j ON s.t USING btree (a);',
          "SET default_tablespace = '';",
        ],
        ['ALTER INDEX s.j ALTER COLUMN 1 SET STATISTICS 5;'],
      ],
      [
        ['CREATE UNIQUE INDEX k ON s.t (a);'],
        [
          'ALTER TABLE s.t ADD CONSTRAINT k PRIMARY KEY USING INDEX k;',
          'ALTER TABLE ONLY s.t REPLICA IDENTITY USING INDEX k;',
        ],
      ],
      [[], ['ALTER TABLE ONLY s.t\n    ADD CONSTRAINT e EXCLUDE USING gist (a WITH &&);']],
    ]);
    expect(work.foreignKeys.map(({ kind }) => kind)).toEqual(['FK CONSTRAINT']);
    expect(work.constraints.map(({ kind }) => kind)).toEqual(['INDEX ATTACH', 'INDEX', 'CHECK CONSTRAINT']);
    expect(work.last.at(-1)?.kind).toBe('EVENT TRIGGER');
  });
});
