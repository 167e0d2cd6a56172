// Making a record: first what the portal wants to know, then the form, then whatever comes of it.
import { useEffect, useState } from "preact/hooks";
import type { PortalUser, RecordForm, RecordType, Reference, Status } from "../../protocol/types.ts";
import { Field } from "../../ui/form.tsx";
import { plain } from "../../ui/format.ts";
import { RenewLists } from "../../ui/renew-lists.tsx";
import { type TextKey, text } from "../../ui/text.ts";
import { useDeed } from "../../ui/use.ts";
import type { Actions } from "../actions.ts";
import type { Denied } from "../rights.ts";
import { Duplicates } from "./duplicates.tsx";
import { OwnFields } from "./fields.tsx";
import type { CreateForm } from "./form.ts";
import { Frame } from "./frame.tsx";
import { decided, firstValues, recordOf, type Values, wrongOf } from "./own-fields.ts";
import { PortalFields } from "./portal-fields.tsx";
import { PortalSays } from "./portal-says.tsx";
import { Responsible } from "./responsible.tsx";
import { TroubleNotice } from "./trouble-notice.tsx";
import { useCreation } from "./use-creation.ts";
import type { More, Wrong } from "./values.ts";

const titles: Readonly<Record<RecordType, TextKey>> = {
  contact: "createContact",
  company: "createCompany",
  lead: "createLead",
  deal: "createDeal",
};

interface Props {
  readonly form: CreateForm;
  readonly status: Status;
  readonly reference: Reference | undefined;
  readonly denied: Denied;
  readonly actions: Actions;
}

/** Asks the host what the form is to look like. */
export function Create(props: Props) {
  const { form, actions } = props;
  const [shape, setShape] = useState<RecordForm>();
  const asking = useDeed();
  const read = async () => {
    const { email, mailName } = form.about;
    setShape(await actions.recordForm({ type: form.type, email, name: mailName ?? "" }));
  };
  const ask = () => asking.run(read);
  const renew = async () => {
    await actions.renewReference();
    await read();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each form
  useEffect(ask, [form.key]);
  if (shape) return <Filled {...props} shape={shape} renew={renew} />;
  const title = text(titles[form.type]);
  return (
    <Frame
      title={title}
      submit={title}
      actions={actions}
      busy={false}
      ready={false}
      attention={0}
      onSubmit={() => undefined}
    >
      {asking.trouble ? (
        <TroubleNotice
          trouble={asking.trouble}
          actions={
            <button type="button" class="button small" onClick={ask}>
              {text("tryAgain")}
            </button>
          }
        />
      ) : (
        <p class="starting">{text("starting")}</p>
      )}
    </Frame>
  );
}

function Filled({
  form,
  status,
  reference,
  denied,
  actions,
  shape,
  renew,
}: Props & { shape: RecordForm; renew: () => Promise<void> }) {
  const { type, about } = form;
  const [values, setValues] = useState<Values>(() => firstValues(form, shape, reference));
  const [more, setMore] = useState<More>({});
  const [responsible, setResponsible] = useState<PortalUser>(status.user);
  const [wrong, setWrong] = useState<ReadonlyMap<string, Wrong>>(new Map());
  const [tries, setTries] = useState(0);
  const creation = useCreation(form, actions);
  const { busy, found, words, trouble, seconds } = creation;
  const title = text(titles[type]);

  // Newer lists may lack what was chosen.
  useEffect(() => setValues((values) => decided(type, values, reference)), [type, reference]);

  const submit = () => {
    const mistakes = wrongOf(type, shape, values, more);
    setWrong(mistakes);
    setTries(tries + 1);
    const other = responsible.id === status.user.id ? undefined : responsible.id;
    if (mistakes.size === 0) creation.create(recordOf(form, shape, values, more), other);
  };
  /** What is typed is no longer what was wrong. */
  const typed = (name: string) => wrong.has(name) && setWrong(new Map([...wrong].filter(([key]) => key !== name)));

  return (
    <Frame
      title={title}
      submit={found.length > 0 ? text("createAnyway") : title}
      primary={found.length === 0}
      actions={actions}
      busy={busy}
      seconds={seconds}
      attention={`${tries} ${found.length}`}
      onSubmit={submit}
    >
      {trouble && <TroubleNotice trouble={trouble} />}
      <PortalSays words={words} />
      {found.length > 0 && (
        <Duplicates
          found={found}
          origin={status.origin}
          denied={denied}
          busy={busy}
          onAdd={(record) => creation.addTo({ type: record.type, id: record.id }, plain(record.title))}
        />
      )}
      <OwnFields
        type={type}
        form={shape}
        reference={reference}
        values={values}
        wrong={wrong}
        disabled={busy}
        onType={(name, value) => {
          setValues(decided(type, { ...values, [name]: value }, reference));
          typed(name);
        }}
      />
      {type === "deal" ? (
        <p class="note">{text("dealFor", (form.ties ?? []).map(({ title }) => plain(title)).join(" · "))}</p>
      ) : (
        <Field label={text("email")} value={about.email} disabled onInput={() => undefined} />
      )}
      <PortalFields
        fields={shape.fields}
        searchUsers={actions.searchUsers}
        more={more}
        wrong={wrong}
        disabled={busy}
        type={(id, value) => {
          setMore({ ...more, [id]: value });
          typed(id);
        }}
      />
      <Responsible
        me={status.user}
        picked={responsible}
        known={shape.users}
        searchUsers={actions.searchUsers}
        disabled={busy}
        onPick={setResponsible}
      />
      <RenewLists look="button quiet small" renew={renew} />
    </Frame>
  );
}
