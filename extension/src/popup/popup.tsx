import { render } from "preact";

const root = document.getElementById("root");
if (root) render(<p>Gmail Sync for Bitrix24</p>, root);
