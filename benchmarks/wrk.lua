-- Sends the requests of a file (each after its length and a line feed), each once or all `again` and again, and tells the outcome as JSON.
local requests, at, again, threads = {}, 0, false, {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  answered, refused, again = 0, 0, arguments[2] == "again"
  local file = assert(io.open(arguments[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
end

function request()
  at = at + 1
  if at >= #requests and not again then wrk.thread:stop() end
  return requests[again and (at - 1) % #requests + 1 or math.min(at, #requests)]
end

function response(status)
  if status == 200 then answered = answered + 1 else refused = refused + 1 end
end

function done(summary, latency, _)
  local answered, refused = 0, 0
  for _, thread in ipairs(threads) do
    answered, refused = answered + thread:get("answered"), refused + thread:get("refused")
  end
  io.write(string.format(
    '{"answered": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "max": %.3f}\n',
    answered, refused, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3))
end
