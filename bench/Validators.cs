using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Xml;
using System.Xml.Schema;

namespace Kilde.Bench;

/// <summary>What only validating a file takes. Null where the program or the official schema is missing.</summary>
/// <param name="ReaderSeconds">.NET's XmlReader reading it with no schema.</param>
internal sealed record Validators(double? XmllintSeconds, double? ValidatingSeconds, double ReaderSeconds)
{
    // The directorate's schema is not ours to keep; the one who has it beside the checkout gets the comparison.
    private static readonly string[] Schema = ["..", "shared", "schemas", "xpr-53.1.3", "XPR(ord).xsd"];

    public static async Task<Validators> RunAsync(string file, CancellationToken cancellation)
    {
        var root = Environment.GetEnvironmentVariable("KILDE_ROOT") ?? Directory.GetCurrentDirectory();
        var schema = Path.GetFullPath(Path.Combine([root, .. Schema]));
        var reader = await Task.Run(() => Read(file, schema: null), cancellation);
        return File.Exists(schema)
            ? new Validators(
                await XmllintAsync(file, schema, cancellation),
                await Task.Run(() => Read(file, schema), cancellation), reader)
            : new Validators(null, null, reader);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"xmllint {Told(XmllintSeconds)}, validating XmlReader {Told(ValidatingSeconds)}, "
        + $"bare XmlReader {Told(ReaderSeconds)}");

    private static string Told(double? seconds) =>
        seconds is null ? "not here" : seconds.Value.ToString("0.00 s", CultureInfo.InvariantCulture);

    private static async Task<double?> XmllintAsync(string file, string schema, CancellationToken cancellation)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var xmllint = Process.Start(new ProcessStartInfo(
                "xmllint", ["--stream", "--noout", "--huge", "--schema", schema, file])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            await xmllint.StandardError.ReadToEndAsync(cancellation);
            await xmllint.WaitForExitAsync(cancellation);
            return xmllint.ExitCode == 0
                ? Stopwatch.GetElapsedTime(started).TotalSeconds
                : throw new InvalidDataException($"xmllint finds the file invalid ({xmllint.ExitCode}).");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static double Read(string file, string? schema)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        if (schema is not null)
        {
            settings.Schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
            settings.Schemas.Add(null, schema);
            settings.ValidationType = ValidationType.Schema;
            settings.ValidationFlags |= XmlSchemaValidationFlags.ProcessIdentityConstraints;
        }

        var started = Stopwatch.GetTimestamp();
        using var reader = XmlReader.Create(file, settings);
        while (reader.Read())
        {
            for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute()) _ = reader.Value;
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
