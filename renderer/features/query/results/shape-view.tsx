import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isOnEarth } from '../../../../shared/model/geometry';
import type { Geometry } from '../../../../shared/model/geometry-shapes';
import { formatCount } from '../../../ui/bytes';
import { MapCanvas } from './map-canvas';
import classes from './map.module.css';

export interface ShapeViewProps {
  readonly geometry: Geometry;
  readonly typeName: string;
}

/** One value on the map. */
export function ShapeView({ geometry, typeName }: ShapeViewProps) {
  const { t, i18n } = useTranslation('results');
  const geometries = useMemo(() => [geometry], [geometry]);
  const onEarth = useMemo(() => isOnEarth(geometries, typeName), [geometries, typeName]);
  return (
    <div className={classes.page}>
      <MapCanvas geometries={geometries} onEarth={onEarth} chosen={-1} onChoose={() => undefined} />
      <p className={classes.note}>
        {t('map.positions', { count: geometry.positions, text: formatCount(geometry.positions, i18n.language) })}
        {geometry.srid === 0 ? '' : ` · SRID ${geometry.srid}`}
      </p>
    </div>
  );
}
