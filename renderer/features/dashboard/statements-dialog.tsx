import { useTranslation } from 'react-i18next';
import type { Statement } from '../../../shared/model/catalog';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { useScene } from './dashboard-context';
import classes from './pages.module.css';

export interface StatementsDialogProps {
  readonly title: string;
  readonly text: string;
  /** The deed by name. */
  readonly deed: string;
  readonly statements: readonly Statement[];
  /** Where they run. */
  readonly database: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Runs statements that the person sees before. */
export function StatementsDialog(props: StatementsDialogProps) {
  const { title, text, deed, statements, database, onClose, onDone } = props;
  const { t } = useTranslation('dashboard');
  const { serverId, server } = useScene();
  const production = server?.environment === 'production' ? { typeToConfirm: server.name } : {};
  return (
    <ConfirmDialog
      opened
      title={title}
      deed={deed}
      danger
      width={640}
      {...production}
      onConfirm={async () => {
        await api.catalog.execute({ serverId, database, statements: [...statements] });
        onDone();
      }}
      onClose={onClose}
    >
      <p>{text}</p>
      <div className={classes.sql}>
        <SqlViewer text={statements.map(({ sql }) => `${sql};`).join('\n')} label={t('sql')} />
      </div>
    </ConfirmDialog>
  );
}
