using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Schema;
using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

/// <summary>The official XSDs as an oracle: tests that need them are skipped where they are missing.</summary>
internal static class OfficialSchema
{
    private static readonly ConcurrentDictionary<string, XmlSchemaSet> Sets = new(StringComparer.Ordinal);

    /// <summary>Everything wrong with a file, as the schemas see it, with the line it stands on.</summary>
    public static IReadOnlyList<string> FaultsOf(byte[] file, params string[] schemas)
    {
        var set = Sets.GetOrAdd(string.Join(' ', schemas), _ => Compile(schemas));
        var faults = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = set,
            DtdProcessing = DtdProcessing.Prohibit,
            ValidationFlags = XmlSchemaValidationFlags.ProcessIdentityConstraints
                | XmlSchemaValidationFlags.ReportValidationWarnings,
        };
        settings.ValidationEventHandler += (_, fault) => faults.Add($"{fault.Exception.LineNumber}: {fault.Message}");
        using var reader = XmlReader.Create(new MemoryStream(file), settings);
        while (reader.Read())
        {
        }

        return faults;
    }

    private static XmlSchemaSet Compile(string[] schemas)
    {
        var set = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        foreach (var schema in schemas) set.Add(null, Repository.Oracle("schemas", schema));
        set.Compile();
        return set;
    }
}
