import type { Statement } from '../../../../shared/model/catalog';
import { SqlViewer } from '../../../ui/sql-editor/sql-viewer';
import { scriptOf } from './form-model';
import type { FormWords } from './form-words';
import classes from './forms.module.css';

export interface SqlTabProps {
  readonly words: FormWords;
  readonly statements: readonly Statement[];
  /** Labels of the fields with a problem. */
  readonly missing: readonly string[];
  /** The statement that failed last; null for none. */
  readonly failed: number | null;
}

/** The statements that Save runs, as they are. */
export function SqlTab({ words: { t }, statements, missing, failed }: SqlTabProps) {
  if (missing.length > 0) {
    return <p className={classes.note}>{t('sql.incomplete', { fields: missing.join(', ') })}</p>;
  }
  if (statements.length === 0) return <p className={classes.note}>{t('sql.nothing')}</p>;
  const wrong = failed === null ? undefined : statements[failed];
  return (
    <div className={classes.sqlTab}>
      {wrong === undefined || failed === null ? null : (
        <div className={classes.failed}>
          <div>{t('sql.failed', { number: failed + 1, total: statements.length })}</div>
          <pre>{wrong.sql}</pre>
        </div>
      )}
      <div className={classes.script}>
        <SqlViewer text={scriptOf(statements, t('sql.outside'))} label={t('sql.label')} />
      </div>
    </div>
  );
}
