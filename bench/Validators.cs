using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Xml;
using System.Xml.Schema;

namespace Kilde.Bench;

/// <summary>What going through a file once takes.</summary>
/// <param name="Processor">Processor time, of all threads.</param>
internal readonly record struct Passing(double Seconds, TimeSpan Processor)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Seconds:0.00} s, {Processor.TotalSeconds:0.00} s of processor");
}

/// <summary>What only validating a file takes. Null where the program or the official schema is missing.</summary>
/// <param name="Validating">Null for large files too: it takes as long as xmllint does.</param>
/// <param name="Reader">.NET's XmlReader reading it with no schema.</param>
internal sealed record Validators(Passing? Xmllint, Passing? Validating, Passing Reader)
{
    private const long ValidatingBytesMax = 200_000_000;

    public static async Task<Validators> RunAsync(string file, CancellationToken cancellation)
    {
        var reader = await Task.Run(() => Read(file, schemas: null), cancellation);
        if (OfficialSchema.Load() is not { } schemas) return new Validators(null, null, reader);
        var xmllint = await XmllintAsync(file, OfficialSchema.File!, cancellation);
        return new Validators(
            xmllint,
            TrustFiles.BytesOf(file) > ValidatingBytesMax
                ? null
                : await Task.Run(() => Read(file, schemas), cancellation),
            reader);
    }

    public override string ToString() =>
        $"xmllint {Told(Xmllint)}; validating XmlReader {Told(Validating)}; bare XmlReader {Reader}";

    private static string Told(Passing? passing) => passing?.ToString() ?? "not run";

    private static async Task<Passing?> XmllintAsync(string file, string schema, CancellationToken cancellation)
    {
        try
        {
            var (started, before) = (Stopwatch.GetTimestamp(), ProcessorTime.OfEndedChildren());
            using var xmllint = Process.Start(new ProcessStartInfo(
                "xmllint", ["--stream", "--noout", "--huge", "--schema", schema, file])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            await xmllint.StandardError.ReadToEndAsync(cancellation);
            await xmllint.WaitForExitAsync(cancellation);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return xmllint.ExitCode == 0
                ? new Passing(seconds, ProcessorTime.OfEndedChildren() - before)
                : throw new InvalidDataException($"xmllint finds the file invalid ({xmllint.ExitCode}).");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static Passing Read(string file, XmlSchemaSet? schemas)
    {
        using var process = Process.GetCurrentProcess();
        var (started, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        using (var reader = XmlReader.Create(file, OfficialSchema.Settings(schemas)))
        {
            while (reader.Read())
            {
                for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
                    _ = reader.Value;
            }
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return new Passing(seconds, process.TotalProcessorTime - before);
    }
}
