using System.Xml;
using System.Xml.Schema;

namespace Kilde.Bench;

/// <summary>
/// The directorate's schema of module ord, which is not ours to keep: <c>KILDE_SCHEMAS</c> names the folder that holds
/// those of 53.1.3. Without it there is no comparison.
/// </summary>
internal static class OfficialSchema
{
    private static readonly string[] Files = ["NPR.xsd", "XPR(ord).xsd", "XPR(ord)_CodingSchemes.xsd"];

    /// <summary>The file a validator begins at; null when the schemas are not on this machine.</summary>
    public static string? File =>
        Environment.GetEnvironmentVariable("KILDE_SCHEMAS") is { Length: > 0 } folder
            ? Path.Combine(folder, Files[1])
            : null;

    /// <summary>Ready for the platform's validating reader; null when the schemas are not on this machine.</summary>
    public static XmlSchemaSet? Load()
    {
        if (File is not { } file) return null;
        var schemas = new XmlSchemaSet { XmlResolver = null };
        schemas.CompilationSettings.EnableUpaCheck = false;
        foreach (var name in Files)
        {
            using var xml = XmlReader.Create(Path.Combine(Path.GetDirectoryName(file)!, name));
            schemas.Add(null, xml);
        }

        schemas.Compile();
        return schemas;
    }

    /// <summary>How the platform reads a message, validating it when there are schemas.</summary>
    public static XmlReaderSettings Settings(XmlSchemaSet? schemas)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        if (schemas is null) return settings;
        settings.ValidationType = ValidationType.Schema;
        settings.ValidationFlags = XmlSchemaValidationFlags.ProcessIdentityConstraints;
        settings.Schemas = schemas;
        return settings;
    }
}
