import { useTranslation } from 'react-i18next';
import { api } from '../../api/index';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import type { Question } from './explorer-menu';

/** Asks before a registration or a group is removed; nothing on the server itself is touched, and the dialog says so. */
export function ExplorerQuestion({ question, onClose }: { readonly question: Question; readonly onClose: () => void }) {
  const { t } = useTranslation('catalog');
  if (question.ask === 'remove-group') {
    const { id, name } = question.group;
    return (
      <ConfirmDialog
        opened
        danger
        title={t('removeGroup.title', { name })}
        deed={t('removeGroup.deed')}
        onConfirm={() => api.servers.removeGroup({ id })}
        onClose={onClose}
      >
        {t('removeGroup.text')}
      </ConfirmDialog>
    );
  }
  const { id, name, environment } = question.server;
  return (
    <ConfirmDialog
      opened
      danger
      title={t('removeServer.title', { name })}
      deed={t('removeServer.deed')}
      {...(environment === 'production' ? { typeToConfirm: name } : {})}
      onConfirm={() => api.servers.remove({ id })}
      onClose={onClose}
    >
      {t('removeServer.text')}
    </ConfirmDialog>
  );
}
