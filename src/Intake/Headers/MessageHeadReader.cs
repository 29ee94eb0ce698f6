using System.Text;
using System.Xml;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;

namespace Kilde.Intake.Headers;

/// <summary>Takes the payload.</summary>
/// <param name="payload">Stands on the payload's first element; to be left behind its last.</param>
/// <returns>False to stop: the rest of the message is not read.</returns>
internal delegate Task<bool> TakePayload(MessageHead head, XmlReader payload, CancellationToken cancellation);

/// <summary>
/// Reads a header (MsgHead 1.2) from a stream, hands the payload on without looking at it, and reads on behind it. No
/// tree of the message is made: memory follows the size of the header, which is bounded.
/// </summary>
internal sealed class MessageHeadReader : IDisposable
{
    /// <summary>Bytes that may stand before the payload, and again behind it.</summary>
    public const int HeaderKibibytesMax = 256;

    /// <summary>Organisations within organisations. Two are in use.</summary>
    private const int DepthMax = 32;

    private readonly BudgetedStream _stream;
    private readonly XmlInput _input;
    private readonly XmlReader _xml;
    private readonly TakePayload _take;
    private readonly List<string> _path = [];
    private MessageHead? _head;
    private HeadNode? _information;
    private HeadNode? _document;
    private int _documents;
    private bool _isStopped;

    private MessageHeadReader(Stream stream, TakePayload take)
    {
        _stream = new BudgetedStream(stream, HeaderKibibytesMax * 1024L);
        _input = XmlInput.Envelope(_stream);
        _xml = _input.Xml;
        _take = take;
    }

    public static async Task<HeadReading> ReadAsync(Stream stream, TakePayload take, CancellationToken cancellation)
    {
        using var reader = new MessageHeadReader(stream, take);
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (HeadException fault)
        {
            return reader.Refuse(HeadFault.Invalid, fault.Message);
        }
        catch (Exception fault) when (XmlInput.IsOfContent(fault))
        {
            return reader.Refuse(reader._input.Explain(fault));
        }
        catch (BudgetSpentException) when (reader._stream.IsSpent)
        {
            return reader.Refuse(XmlInput.TooLarge($"mer enn {HeaderKibibytesMax} kB hode"));
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _stream.Dispose();
    }

    private async Task<HeadReading> ReadAsync(CancellationToken cancellation)
    {
        if (await _input.MoveToRootAsync() is { } refusal) return Refuse(refusal);
        if (_xml.LocalName != HeadGrammar.Root || _xml.NamespaceURI != HeadGrammar.Namespace)
            throw new HeadException($"Roten skal være {HeadGrammar.Root} i {HeadGrammar.Namespace}.");

        await ElementAsync(new HeadElement(HeadGrammar.Root, HeadContent.Elements, HeadGrammar.Root), cancellation);
        if (_isStopped) return new HeadReading.Stopped(_head!);

        // What stands behind the root must still be well-formed.
        while (await _xml.ReadAsync())
        {
        }

        return new HeadReading.Whole(_head ?? Head(), _documents);
    }

    private HeadReading.Refused Refuse(HeadFault fault, string text) => new(fault, Path, text, _head);

    private HeadReading.Refused Refuse(Finding finding) => HeadReading.Refused.Of(finding, Path, _head);

    private string Path => "/" + string.Join('/', _path);

    private MessageHead Head() => HeadNode.ToHead(_information!, _document);

    private async Task<HeadNode> ElementAsync(HeadElement element, CancellationToken cancellation)
    {
        if (_path.Count == DepthMax) throw new HeadException("Hodet er for dypt.");
        _path.Add(element.Name);
        var node = new HeadNode(element.Name);
        if (element.Name == "RefDoc") _document = node;
        if (element.Content != HeadContent.Foreign) ReadAttributes(element.Content, node);
        switch (element.Content)
        {
            case HeadContent.Foreign:
                await _xml.SkipAsync();
                break;
            case HeadContent.Payload:
                await PayloadAsync(cancellation);
                break;
            case HeadContent.Elements:
                await ChildrenAsync(HeadGrammar.Rules[element.Rule!], HeadGrammar.MayBeEmpty(element.Rule!), node,
                    cancellation);
                if (element.Name == "MsgInfo") _information = node;
                break;
            case HeadContent.Cs or HeadContent.Cv or HeadContent.Ts or HeadContent.Url:
                await EmptyAsync();
                break;
            default:
                node.Text = await TextAsync();
                if (!HeadValue.Holds(element.Content, node.Text)) throw new HeadException("Verdien har feil form.");
                break;
        }

        // After a stop nobody looks at the path any more.
        _path.RemoveAt(_path.Count - 1);
        return node;
    }

    private async Task ChildrenAsync(
        IReadOnlyList<HeadStep> steps, bool mayBeEmpty, HeadNode node, CancellationToken cancellation)
    {
        var (step, count, hasAny) = (0, 0, false);
        HeadElement? chosen = null;
        var isEmpty = _xml.IsEmptyElement;
        await _xml.ReadAsync();
        while (!isEmpty && await NextElementAsync())
        {
            hasAny = true;
            while (true)
            {
                if (step == steps.Count)
                    throw new HeadException($"Elementet {Told(_xml.LocalName)} er ikke ventet her.");
                var fit = Fits(steps[step], chosen);
                if (fit is not null && count < steps[step].Max)
                {
                    chosen = fit;
                    break;
                }

                if (count < steps[step].Min) throw new HeadException($"{steps[step].Either[0].Name} mangler.");
                (step, count, chosen) = (step + 1, 0, null);
            }

            count++;
            var child = await ElementAsync(chosen, cancellation);
            if (_isStopped) return;
            node.Keep(child);
        }

        if (!hasAny && mayBeEmpty) steps = [];
        for (; step < steps.Count; (step, count) = (step + 1, 0))
        {
            if (count < steps[step].Min) throw new HeadException($"{steps[step].Either[0].Name} mangler.");
        }

        if (!isEmpty) await _xml.ReadAsync();
        if (node.Name == "RefDoc") _documents++;
    }

    private HeadElement? Fits(HeadStep step, HeadElement? chosen)
    {
        foreach (var element in step.Either)
        {
            var isNamed = element.Name == _xml.LocalName && element.Namespace == _xml.NamespaceURI;
            if (isNamed && (chosen is null || chosen == element)) return element;
        }

        return null;
    }

    // True at an element; false at the end of the one around it. Text between elements is refused.
    private async Task<bool> NextElementAsync()
    {
        while (true)
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Element: return true;
                case XmlNodeType.EndElement: return false;
                case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace: break;
                case XmlNodeType.None: throw new XmlException();
                default: throw new HeadException("Tekst er ikke ventet her.");
            }

            await _xml.ReadAsync();
        }
    }

    private void ReadAttributes(HeadContent content, HeadNode node)
    {
        while (_xml.MoveToNextAttribute())
        {
            if (_xml.NamespaceURI is "http://www.w3.org/2000/xmlns/") continue;
            if (_xml.NamespaceURI is "http://www.w3.org/2001/XMLSchema-instance")
            {
                if (_xml.LocalName is "schemaLocation" or "noNamespaceSchemaLocation") continue;
                throw new HeadException("xsi:type og xsi:nil er ikke tillatt.");
            }

            var isKnown = _xml.NamespaceURI.Length == 0 && HeadValue.Attributes(content).Contains(_xml.LocalName);
            if (!isKnown) throw new HeadException($"Attributtet {Told(_xml.LocalName)} er ikke ventet her.");
            if (!HeadValue.Holds(content, _xml.LocalName, _xml.Value))
                throw new HeadException($"Attributtet {_xml.LocalName} har feil form.");
            node.Set(_xml.LocalName, _xml.Value);
        }

        _xml.MoveToElement();
    }

    private async Task EmptyAsync()
    {
        var isEmpty = _xml.IsEmptyElement;
        await _xml.ReadAsync();
        if (isEmpty) return;
        while (_xml.NodeType == XmlNodeType.Whitespace) await _xml.ReadAsync();
        if (_xml.NodeType != XmlNodeType.EndElement) throw new HeadException("Elementet skal være tomt.");
        await _xml.ReadAsync();
    }

    private async Task<string> TextAsync()
    {
        var text = new StringBuilder();
        var isEmpty = _xml.IsEmptyElement;
        await _xml.ReadAsync();
        while (!isEmpty && _xml.NodeType != XmlNodeType.EndElement)
        {
            if (_xml.NodeType is XmlNodeType.Element or XmlNodeType.None)
                throw new HeadException("Elementet skal bare ha tekst.");
            if (_xml.NodeType != XmlNodeType.Whitespace) text.Append(_xml.Value);
            await _xml.ReadAsync();
        }

        if (!isEmpty) await _xml.ReadAsync();
        return text.ToString();
    }

    private async Task PayloadAsync(CancellationToken cancellation)
    {
        var isEmpty = _xml.IsEmptyElement;
        await _xml.ReadAsync();
        if (isEmpty) return;
        for (var payloads = 0; await NextElementAsync(); payloads++)
        {
            if (payloads > 0) throw new HeadException("Content skal ha ett element.");
            if (_head is not null)
            {
                await _xml.SkipAsync();
                continue;
            }

            _head = Head();
            _stream.Renew(long.MaxValue);
            if (!await _take(_head, _xml, cancellation))
            {
                _isStopped = true;
                return;
            }

            _stream.Renew(HeaderKibibytesMax * 1024L);
        }

        await _xml.ReadAsync();
    }

    // A name is the sender's own text, and this one is told to others.
    private static string Told(string name) =>
        name.Length <= 40 && name.All(char.IsAsciiLetterOrDigit) && !name.Any(char.IsAsciiDigit) ? name : "(ukjent)";

    private sealed class HeadException(string text) : Exception(text);
}
