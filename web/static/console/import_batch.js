// Keeps the results of a batch up to date until every file was read.

import { follow } from "/static/console/import_files.js";

follow(document.getElementById("files"), document.getElementById("progress"));
