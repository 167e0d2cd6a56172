// The open form, in place of the thread's people.
import type { Reference, Status } from "../../protocol/types.ts";
import type { Actions } from "../actions.ts";
import { Log } from "../log/log.tsx";
import type { Denied } from "../rights.ts";
import { AddEntry } from "../timeline/add.tsx";
import { AddTo } from "./add-to.tsx";
import { Create } from "./create.tsx";
import { type Form, openerId } from "./form.ts";

export function FormScreen({
  form,
  status,
  reference,
  denied,
  actions,
}: {
  form: Form;
  status: Status;
  reference: Reference | undefined;
  denied: Denied;
  actions: Actions;
}) {
  switch (form.at) {
    case "log":
      return <Log key={form.messages[0].gmailId} form={form} status={status} denied={denied} actions={actions} />;
    case "entry":
      return <AddEntry key={openerId(form)} form={form} status={status} actions={actions} />;
    case "addTo":
      return <AddTo key={form.about.email} form={form} denied={denied} actions={actions} />;
    case "create":
      return (
        <Create key={form.key} form={form} status={status} reference={reference} denied={denied} actions={actions} />
      );
  }
}
