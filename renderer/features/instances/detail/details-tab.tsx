import { AddressSection } from './address-section';
import { ArchitectureSection } from './architecture-section';
import { AvailabilitySection } from './availability-section';
import { BasicSection } from './basic-section';
import { ConfigurationSection } from './configuration-section';
import { ConnectionsSection } from './connections-section';
import type { AskingProps } from './detail-props';
import classes from './details-tab.module.css';
import { MaintenanceSection } from './maintenance-section';
import { SnippetsSection } from './snippets-section';
import { SslSection } from './ssl-section';

/** Everything an instance is, card by card. */
export function DetailsTab(props: AskingProps) {
  return (
    <div className={classes.cards}>
      <ArchitectureSection {...props} />
      <BasicSection {...props} />
      <ConfigurationSection {...props} />
      <AvailabilitySection {...props} />
      <AddressSection {...props} />
      <div className={classes.column}>
        <SslSection {...props} />
        <MaintenanceSection {...props} />
      </div>
      <SnippetsSection {...props} />
      {props.detail.local ? <ConnectionsSection {...props} /> : null}
    </div>
  );
}
