using System.Text;
using System.Xml;
using System.Xml.Schema;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>The platform's validator with an official schema, set as the official validator sets it.</summary>
internal sealed class SchemaOracle
{
    private readonly XmlSchemaSet _schemas;

    public SchemaOracle(IEnumerable<string> files)
    {
        var set = new XmlSchemaSet { XmlResolver = null };
        set.CompilationSettings.EnableUpaCheck = false;
        foreach (var file in files)
        {
            using var reader = XmlReader.Create(new StringReader(Text(file)), new() { XmlResolver = null });
            set.Add(null, reader);
        }

        set.Compile();
        _schemas = set;
    }

    /// <summary>Null when the message is valid, else the first thing that is not.</summary>
    public string? Complaint(string xml)
    {
        string? first = null;
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            ValidationFlags = XmlSchemaValidationFlags.ProcessIdentityConstraints
                | XmlSchemaValidationFlags.ReportValidationWarnings,
            Schemas = _schemas,
            XmlResolver = null,
        };
        settings.ValidationEventHandler += (_, told) => first ??= told.Message;
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        try
        {
            while (first is null && reader.Read())
            {
            }
        }
        catch (XmlException fault)
        {
            return fault.Message;
        }

        return first;
    }

    // Some files say ISO-8859-1 and hold UTF-8; what differs is in comments only.
    private static string Text(string file)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        return text[text.IndexOf('<')..];
    }
}
