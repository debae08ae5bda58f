import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { presentError } from '../../../ui/error-presenter';
import { visibleText } from '../../../ui/visible-text';
import classes from './library-menu.module.css';
import type { TextFileDeeds } from './use-text-file';

/** Somebody else has changed the file that is to be saved: whose text stays? */
export function ConflictDialog({ file }: { readonly file: TextFileDeeds }) {
  const { t } = useTranslation('library');
  const settle = (how: 'mine' | 'theirs' | 'later') => () => {
    file.settle(how).catch(presentError);
  };
  return (
    <Modal opened={file.conflict !== null} onClose={settle('later')} title={t('conflict.title')} size={520}>
      <p className={classes.text}>{t('conflict.text', { file: visibleText(file.conflict?.name ?? '') })}</p>
      <div className={classes.deeds}>
        <Button variant="default" onClick={settle('later')} data-autofocus>
          {t('cancel')}
        </Button>
        <Button variant="default" onClick={settle('theirs')}>
          {t('conflict.theirs')}
        </Button>
        <Button color="error" onClick={settle('mine')}>
          {t('conflict.mine')}
        </Button>
      </div>
    </Modal>
  );
}
