using System.Diagnostics;
using System.Text.Json.Nodes;
using Kilde.Testing;

namespace Kilde.Platform.Tests.Tokens;

/// <summary>npm jose in a process of its own: an implementation of JWT that shares nothing with ours.</summary>
public sealed class JoseOracle : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;

    public async Task<JsonObject> AskAsync(JsonObject question)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _process!.StandardInput.WriteLineAsync(question.ToJsonString());
            await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            return JsonNode.Parse(line!)!.AsObject();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<string> SignAsync(JsonNode key, JsonObject header, JsonObject payload)
    {
        var answer = await AskAsync(new JsonObject
        {
            ["op"] = "sign", ["key"] = key.DeepClone(), ["header"] = header.DeepClone(),
            ["payload"] = payload.DeepClone(),
        });
        return (string?)answer["jwt"] ?? throw new InvalidOperationException((string?)answer["error"]);
    }

    public ValueTask InitializeAsync()
    {
        var tools = Repository.At("tools");
        Assert.SkipUnless(Directory.Exists(Path.Combine(tools, "node_modules")), "npm ci has not been run in tools/.");
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(tools, "jose-oracle.js")])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _process?.StandardInput.Close();
        _process?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
