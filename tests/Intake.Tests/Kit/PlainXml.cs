using System.Collections;
using System.Text;
using System.Xml;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;
using Kilde.Intake.Judging;
using Kilde.Kernel;

namespace Kilde.Intake.Tests.Kit;

/// <summary>
/// XML in the tests' own notation, read as definitions read theirs: <c>&lt;R id="1" v="10"/&gt;</c> is a record,
/// <c>&lt;Feil/&gt;</c> refuses the message, and <c>&lt;Utelatt/&gt;</c> is a record that is left out.
/// </summary>
internal static class PlainXml
{
    public const string Namespace = "http://www.npr.no/xmlstds/53_1_3_ord";
    private const int RowsPerBatch = 100;

    public static XmlFormats Formats { get; } = new(
        name => name == Namespace ? Messages.Consultation : null,
        (xml, _) => Open(xml),
        (content, _) =>
        {
            var input = XmlInput.Envelope(content);
            return input.MoveToRoot() is { } refusal ? new OpenedXml(null, refusal) : Open(input.Xml, input);
        });

    public static string Message(string content, string institution = "910000012", string day = "2026-03-01") =>
        $"""<Melding xmlns="{Namespace}" uttakDato="{day}" leverandor="Leverandør AS" navnEPJ="Journal" """
        + $"""versjonEPJ="1" versjonUt="2"><Institusjon institusjonID="{institution}"/>{content}</Melding>""";

    public static byte[] Bytes(string content) => Encoding.UTF8.GetBytes(Message(content));

    /// <summary>As many records as it takes to reach a size.</summary>
    public static string Records(int count) => string.Concat(
        Enumerable.Range(1, count).Select(number => $"<R id=\"{number}\" v=\"{number * 2L}\"/>"));

    private static OpenedXml Open(XmlReader xml, XmlInput? input = null) => xml.NamespaceURI == Namespace
        ? new OpenedXml(new Reading(xml, input), null)
        : new OpenedXml(null, new Finding("STR-023", Severity.Error, "/", "Navnerommet er ukjent."));

    /// <param name="input">Null in a header, whose reader then tells what is wrong.</param>
    private sealed class Reading(XmlReader xml, XmlInput? input) : MessageReading
    {
        private readonly List<Finding> _findings = [];
        private string _institution = "";
        private bool _isRefused;
        private bool _isBroken;
        private bool _isAtEnd;
        private int _records;
        private int _dropped;

        public override MessageType Type => Messages.Consultation;

        public override MessageEnvelope? Envelope => null;

        public override bool IsBroken => _isBroken;

        public override MessageOutcome Outcome => _isAtEnd
            ? new MessageOutcome(!_isRefused, _findings, _findings.Count, _records, _dropped)
            : throw new InvalidOperationException("Not read to its end.");

        public override RecordBatch? Next()
        {
            var (ids, values) = (new List<string>(), new List<long>());
            while (!_isAtEnd && ids.Count < RowsPerBatch) Step(ids, values);

            if (ids.Count == 0) return null;
            return new RecordBatch(
                Messages.Records, ids.Count, [.. ids.Select(_ => Messages.UnitA)], [.. ids],
                new RowPerson[ids.Count],
                [new ColumnVector<long>(ColumnKind.Integer, [.. values], new BitArray(ids.Count))], [])
            {
                Institutions = [.. ids.Select(_ => _institution)],
            };
        }

        public override IdentityBatch? NextIdentities() => null;

        private void Step(List<string> ids, List<long> values)
        {
            try
            {
                _isAtEnd = !xml.Read() || (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "Melding");
                if (_isAtEnd) xml.Read();
                else if (xml.NodeType == XmlNodeType.Element) Take(ids, values);
            }
            catch (Exception fault) when (input is not null && XmlInput.IsOfContent(fault))
            {
                _findings.Add(input.Explain(fault));
                _isAtEnd = _isBroken = _isRefused = true;
            }
        }

        private void Take(List<string> ids, List<long> values)
        {
            switch (xml.LocalName)
            {
                case "Institusjon":
                    _institution = xml.GetAttribute("institusjonID")!;
                    break;
                case "R":
                    _records++;
                    ids.Add(xml.GetAttribute("id")!);
                    values.Add(long.Parse(xml.GetAttribute("v")!));
                    break;
                case "Feil":
                    _isRefused = true;
                    _findings.Add(new Finding("STR-001", Severity.Error, "/Melding/Feil", "Elementet er feil."));
                    break;
                case "Utelatt":
                    _records++;
                    _dropped++;
                    _findings.Add(new Finding("ORD-1", Severity.Warning, "/Melding/Utelatt", "Raden er utelatt."));
                    break;
            }
        }
    }
}
