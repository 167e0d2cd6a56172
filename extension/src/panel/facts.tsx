// What there is to know of a person, a row each.
import type { ComponentChildren } from "preact";
import type { Person, PortalUser } from "../protocol/types.ts";
import { plain } from "../ui/format.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { CopyButton, Foreign } from "../ui/parts.tsx";
import { text } from "../ui/text.ts";
import { only } from "./people.ts";
import { Title } from "./portal-link.tsx";

/** More phone numbers than this are in the portal. */
const mostPhones = 5;

export function Facts({
  email,
  name,
  person,
  origin,
}: {
  email: string;
  name: string;
  person: Person;
  origin: string;
}) {
  const contact = only(person.contacts);
  const company = contact ? contact.company : undefined;
  const responsible = contact?.responsible ?? only(person.companies)?.responsible;
  const phones = (contact?.phones ?? []).filter((phone) => plain(phone) !== "").slice(0, mostPhones);
  return (
    <ul class="facts">
      {company && (
        <Fact icon="building">
          <Title title={company.title} url={company.url} origin={origin} />
        </Fact>
      )}
      <Fact icon="mail" tool={<CopyButton value={email} name={text("copyEmailOf", name)} />}>
        <span title={email}>
          <Address email={email} />
        </span>
      </Fact>
      {phones.map((phone) => (
        <Fact key={phone} icon="phone" tool={<CopyButton value={phone} name={text("copyPhoneOf", name)} />}>
          <Foreign ltr>{plain(phone)}</Foreign>
        </Fact>
      ))}
      {responsible && plain(responsible.name) !== "" && <Responsible user={responsible} origin={origin} />}
    </ul>
  );
}

function Fact({ icon, tool, children }: { icon: IconName; tool?: ComponentChildren; children: ComponentChildren }) {
  return (
    <li>
      <Icon name={icon} />
      <span class="value">{children}</span>
      {tool}
    </li>
  );
}

function Responsible({ user, origin }: { user: PortalUser; origin: string }) {
  return (
    <Fact icon="person">
      <Title title={user.name} url={user.url} origin={origin} /> <span class="second">{text("responsible")}</span>
    </Fact>
  );
}

/** An address may break after its @. */
export function Address({ email }: { email: string }) {
  const [local = "", ...rest] = plain(email).split("@");
  return (
    <bdi dir="ltr" class="address">
      {local}@<wbr />
      {rest.join("@")}
    </bdi>
  );
}
