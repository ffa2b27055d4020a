// What does a page of Switchyard start? (Each part looks for its own piece of the page and rests when it is not there.)

import "./elements/lesson_forms.js";
import "./elements/story_log.js";
import "./elements/page_terminal.js";
import "./elements/traffic_table.js";
import "./elements/yaml_editor.js";
import "./elements/switch_yard.js";
import { guardActions, refreshFragments, tidyReceipts } from "./elements/htmx_bridge.js";
import { keepInspector } from "./elements/inspector.js";
import { keepKeys } from "./elements/keys.js";
import { keepPanes } from "./elements/panes.js";
import { keepLesson } from "./elements/lesson_pane.js";
import { followToCopy } from "./elements/copying.js";
import { keepSheet } from "./elements/sheet.js";
import { keepFacts } from "./elements/live_facts.js";
import { keepTheme } from "./elements/theme_button.js";

keepTheme();
keepKeys();
guardActions();
refreshFragments();
tidyReceipts();
keepSheet();
followToCopy();

const panes = document.querySelector(".panes");
if (panes) {
  keepPanes(panes);
  keepInspector(document.getElementById("inspector"), panes.dataset.base);
}
if (document.getElementById("lesson")) keepLesson();
if (document.querySelector("[data-fact]")) keepFacts();
