"use strict";

const element = (id) => document.getElementById(id);

const connection = new signalR.HubConnectionBuilder()
  .withUrl("/chat")
  .withAutomaticReconnect()
  .build();

let stream = null;
const uploads = new Set();  // the timers of those that run

function write(kind, source, text) {
  const log = element("log");
  const entry = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = new Date().toTimeString().slice(0, 8);
  const name = document.createElement("span");
  name.className = "source";
  name.textContent = source;
  const body = document.createElement("span");
  body.className = "text";
  body.textContent = text;
  entry.dataset.kind = kind;
  entry.append(time, name, body);
  log.append(entry);
  log.scrollTop = log.scrollHeight;
}

function showState() {
  const connected = connection.state === "Connected";
  element("state").textContent = connection.state;
  element("state").dataset.state = connection.state;
  element("connection-id").textContent = connected ? connection.connectionId : "";
  for (const button of document.querySelectorAll("[data-needs-connection]")) {
    button.disabled = !connected;
  }
  element("stream").disabled = !connected || stream !== null;
  element("stop-stream").disabled = stream === null;
  element("toggle-connection").textContent =
    connection.state === "Disconnected" ? "Start Client Connection" : "Stop Client Connection";
}

async function start() {
  try {
    const starting = connection.start();
    showState();
    await starting;
    write("state", "connection", "Connected");
  } catch (error) {
    write("error", "connection", error.message);
  }
  showState();
}

async function stop() {
  const stopping = connection.stop();
  showState();
  await stopping;
  showState();
}

// Runs one call of the hub and writes its result, or why it failed, into the log.
async function call(method, ...args) {
  try {
    const result = await connection.invoke(method, ...args);
    if (result !== null && result !== undefined) {
      write("result", method, JSON.stringify(result));
    }
  } catch (error) {
    write("error", method, error.message);
  }
}

function startStream() {
  const ended = (kind, text) => {
    stream = null;
    write(kind, "DateStream", text);
    showState();
  };
  stream = connection.stream("DateStream").subscribe({
    next: (item) => write("item", "DateStream", item),
    complete: () => ended("state", "Completed"),
    error: (error) => ended("error", error.message),
  });
  showState();
}

function stopStream() {
  stream.dispose();
  stream = null;
  write("state", "DateStream", "Stopped");
  showState();
}

function uploadStreams() {
  const whole = new signalR.Subject();
  const halves = new signalR.Subject();
  connection.send("UploadStream", whole, 0.5, halves)
    .catch((error) => write("error", "UploadStream", error.message));
  let step = 0;
  const timer = setInterval(() => {
    ++step;
    whole.next(step);
    halves.next(step * 0.5);
    if (step === 5) {
      clearInterval(timer);
      uploads.delete(timer);
      whole.complete();
      halves.complete();
    }
  }, 300);
  uploads.add(timer);
}

connection.on("receive", (text) => write("message", "receive", text));
connection.onreconnecting((error) => {
  write("state", "connection", `Reconnecting: ${error ? error.message : "connection lost"}`);
  showState();
});
connection.onreconnected(() => {
  write("state", "connection", "Reconnected");
  showState();
});
connection.onclose((error) => {
  stream = null;
  uploads.forEach(clearInterval);
  uploads.clear();
  write(error ? "error" : "state", "connection", error ? error.message : "Disconnected");
  showState();
});

const message = () => element("message").value;
const onClick = (id, action) => element(id).addEventListener("click", action);

element("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  call("Broadcast", message());
});
onClick("echo", () => call("Echo", message()));
onClick("request-tuple", () => call("RequestTuple", message()));
onClick("request-async", () => call("RequestAsync", message()));
onClick("panic", () => call("Panic"));
onClick("stream", startStream);
onClick("stop-stream", stopStream);
onClick("upstream", uploadStreams);
onClick("toggle-connection", () => (connection.state === "Disconnected" ? start() : stop()));
onClick("abort", () => call("Abort"));

start();
