using System.Diagnostics;
using System.Text.Json;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Bus;

/// <summary>A foreign client of AMQP 1.0 (rhea, for Node.js): what senders use.</summary>
internal static class Amqp10Client
{
    /// <param name="script">In <c>tools</c>.</param>
    /// <param name="input">Given to it as JSON.</param>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunAsync(string script, object input)
    {
        var tools = Repository.At("tools");
        Assert.SkipUnless(Directory.Exists(Path.Combine(tools, "node_modules", "rhea")), "npm ci has not been run.");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(tools, script)])
        {
            WorkingDirectory = tools,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(input));
        node.StandardInput.Close();
        var complaining = node.StandardError.ReadToEndAsync(TestIntake.Cancellation);
        var said = await node.StandardOutput.ReadToEndAsync(TestIntake.Cancellation);
        await node.WaitForExitAsync(TestIntake.Cancellation);
        node.ExitCode.ShouldBe(0, await complaining);
        return said;
    }
}
