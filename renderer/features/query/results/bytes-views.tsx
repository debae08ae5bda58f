import { Button } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../ui/bytes';
import { presentError } from '../../../ui/error-presenter';
import { BYTES_IN_ROW, dumpRow } from './bytes-text';
import { saveBytes } from './save-bytes';
import classes from './viewers.module.css';
import { VirtualLines } from './virtual-lines';

const LINE = 18;

/** Bytes in hexadecimal and what of them is ASCII. */
export function HexView({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) {
  const { t } = useTranslation('results');
  return (
    <>
      <SaveBytes bytes={bytes} extension="bin" />
      <VirtualLines
        label={t('viewer.hex')}
        count={Math.ceil(bytes.length / BYTES_IN_ROW)}
        height={LINE}
        renderLine={(index) => {
          const row = dumpRow(bytes, index);
          return (
            <code className={classes.dump}>
              <span className={classes.place}>{row.offset}</span> {row.hex}{' '}
              <span className={classes.key}>{row.ascii}</span>
            </code>
          );
        }}
      />
    </>
  );
}

export interface PictureViewProps {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** What the picture is called for who cannot see it. */
  readonly name: string;
}

/** A picture out of the bytes of a value. It is decoded as a picture only: nothing in it can run or fetch. */
export function PictureView({ bytes, type, name }: PictureViewProps) {
  const { t } = useTranslation('results');
  const image = useRef<HTMLImageElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const address = URL.createObjectURL(new Blob([bytes], { type }));
    if (image.current) image.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [bytes, type]);
  return (
    <div className={classes.pictureFrame}>
      {broken ? (
        <p className={classes.note}>{t('picture.broken')}</p>
      ) : (
        <img
          className={classes.picture}
          ref={image}
          alt={name}
          onLoad={({ currentTarget }) =>
            setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
          }
          onError={() => setBroken(true)}
        />
      )}
      <SaveBytes bytes={bytes} extension={type.replace('image/', '')} />
      <p className={classes.note}>
        {type.replace('image/', '').toUpperCase()} · {formatBytes(bytes.length)}
        {size === null ? '' : ` · ${size.width} × ${size.height}`}
      </p>
    </div>
  );
}

function SaveBytes({ bytes, extension }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly extension: string }) {
  const { t } = useTranslation('results');
  return (
    <div className={classes.path}>
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconFileDownload size={16} stroke={1.5} />}
        onClick={() => {
          saveBytes(bytes, { title: t('saveBytes'), suggestedName: `value.${extension}`, extension }).catch(
            presentError,
          );
        }}
      >
        {t('saveBytes')}
      </Button>
    </div>
  );
}
